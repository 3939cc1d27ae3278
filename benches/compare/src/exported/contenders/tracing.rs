//! tracing with tracing-opentelemetry, over the OpenTelemetry SDK as it is set up here.
//!
//! At its best: nothing is added that nobody asked for, neither places in the code nor threads, idle
//! times, levels or targets, and what the transport says of itself below `INFO` is no span.

use super::opentelemetry::{provider, runtime};
use crate::exported::load::{AGENT, Load, Mix, made_text};
use crate::exported::meter::{Meter, Usage};
use opentelemetry::trace::TracerProvider;
use std::error::Error;
use std::ops::Range;
use tracing::info_span;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;

pub(super) fn run(load: &Load, endpoint: &str) -> Result<Usage, Box<dyn Error>> {
    let runtime = runtime()?;
    let provider = runtime.block_on(async { provider(endpoint) })?;
    let layer = tracing_opentelemetry::layer()
        .with_location(false)
        .with_tracked_inactivity(false)
        .with_threads(false)
        .with_level(false)
        .with_target(false)
        .with_tracer(provider.tracer("compare"));
    let subscriber = tracing_subscriber::registry().with(LevelFilter::INFO).with(layer);
    tracing::subscriber::set_global_default(subscriber)?;
    let meter = Meter::start()?;
    match load.mix {
        Mix::Static => load.run(static_text),
        Mix::Made => load.run(text_made),
    }
    provider.force_flush()?;
    meter.stop()
}

fn static_text(mut steps: Range<i64>) {
    let first = steps.next();
    let _run = info_span!("run", app.agent.name = AGENT, app.agent.step = first).entered();
    for step in steps {
        drop(info_span!("step", app.agent.name = AGENT, app.agent.step = step).entered());
    }
}

fn text_made(mut steps: Range<i64>) {
    let (name, first) = (made_text(), steps.next());
    let _run = info_span!("run", app.agent.name = name, app.agent.step = first).entered();
    for step in steps {
        let name = made_text();
        drop(info_span!("step", app.agent.name = name, app.agent.step = step).entered());
    }
}
