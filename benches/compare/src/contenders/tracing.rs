//! tracing with tracing-opentelemetry, over the OpenTelemetry SDK as it is set up here.
//!
//! At its best: nothing is added that nobody asked for, neither places in the code nor threads, idle
//! times, levels or targets, and OpenTelemetry's context is not made current.

use super::opentelemetry::provider;
use crate::contender::{About, Arrived, Contender, EARLY, SPAN, TWO, Way, timed};
use exo_trace_ways::floor::work;
use opentelemetry::trace::TracerProvider;
use std::error::Error;
use tracing::info_span;
use tracing_subscriber::layer::SubscriberExt;

pub(super) const ABOUT: About = About {
    packages: &["tracing", "tracing-subscriber", "tracing-opentelemetry"],
    settings: "a registry and the layer, over the SDK as above; without location, level, target, threads, inactivity \
               and context activation",
    lacks: "nothing that is compared here",
};

pub(super) fn set_up() -> Result<Contender, Box<dyn Error>> {
    let arrived = Arrived::default();
    let provider = provider(arrived.clone());
    let layer = tracing_opentelemetry::layer()
        .with_location(false)
        .with_tracked_inactivity(false)
        .with_threads(false)
        .with_level(false)
        .with_target(false)
        .with_context_activation(false)
        .with_tracer(provider.tracer("compare"));
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;
    let root = info_span!("run").entered();
    Ok(Contender {
        ways: vec![
            Way::new(SPAN, |times| timed(times, alone)),
            Way::new(TWO, |times| timed(times, two_attributes)),
        ],
        missing: Box::new(move |expected| {
            // Until the last burst every span is below it.
            let _below = &root;
            let _ = provider.force_flush();
            arrived.missing_of(expected)
        }),
    })
}

#[inline(always)]
fn alone(step: usize) {
    let _span = info_span!("span").entered();
    work(step);
}

#[inline(always)]
fn two_attributes(step: usize) {
    let _span = info_span!("two", step = step as i64, is_early = step < EARLY).entered();
    work(step);
}
