//! fastrace with its OpenTelemetry reporter, over opentelemetry-otlp.
//!
//! At its best: children are local spans, which it records fastest, and it reports every 25 ms, of 5
//! to 100 the cheapest. A request then holds some ten thousand spans; at its default of a second it
//! would be longer than the 4 MiB that collectors take. Its attributes are texts only, so the number
//! is written as one.

use super::opentelemetry::{exporter, resource, runtime};
use crate::exported::load::{AGENT, Load, Mix, made_text};
use crate::exported::meter::{Meter, Usage};
use fastrace::collector::Config;
use fastrace::prelude::{LocalSpan, Span, SpanContext};
use fastrace_opentelemetry::OpenTelemetryReporter;
use opentelemetry::InstrumentationScope;
use std::borrow::Cow;
use std::error::Error;
use std::ops::Range;
use std::time::Duration;

const REPORT_EVERY: Duration = Duration::from_millis(25);

type Text = Cow<'static, str>;

pub(super) fn run(load: &Load, endpoint: &str) -> Result<Usage, Box<dyn Error>> {
    let runtime = runtime()?;
    let exporter = runtime.block_on(async { exporter(endpoint) })?;
    let scope = InstrumentationScope::builder("compare").build();
    let handle = runtime.handle().clone();
    let reporter = OpenTelemetryReporter::new(exporter, Cow::Owned(resource()), scope)
        .with_block_on(move |future| handle.block_on(future));
    fastrace::set_reporter(reporter, Config::default().report_interval(REPORT_EVERY));
    let meter = Meter::start()?;
    match load.mix {
        Mix::Static => load.run(|steps| burst(steps, || Cow::Borrowed(AGENT))),
        Mix::Made => load.run(|steps| burst(steps, || Cow::Owned(made_text()))),
    }
    fastrace::flush();
    meter.stop()
}

fn burst(mut steps: Range<i64>, text: impl Fn() -> Text) {
    let attributes =
        |step: i64| [("app.agent.name", text()), ("app.agent.step", Text::from(step.to_string()))];
    let Some(first) = steps.next() else { return };
    let run = Span::root("run", SpanContext::random()).with_properties(|| attributes(first));
    let _parent = run.set_local_parent();
    for step in steps {
        drop(LocalSpan::enter_with_local_parent("step").with_properties(|| attributes(step)));
    }
}
