//! exo-trace, over its own OTLP/gRPC.
//!
//! As it comes, but for the ring: 1 MiB, which a burst does not fill while the drain wakes up.

use crate::exported::load::{Load, Mix, made_text};
use crate::exported::meter::{Meter, Usage};
use exo_trace::{Delivery, InitError, TraceBackend, TraceConfig, TraceGuard, span_sync};
use std::error::Error;
use std::ops::Range;
use std::time::Duration;

const RING_BYTES: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn run(load: &Load, endpoint: &str) -> Result<Usage, Box<dyn Error>> {
    let trace = start(endpoint)?;
    let meter = Meter::start()?;
    record(load);
    let delivery = finish(&trace);
    let usage = meter.stop()?;
    if !delivery.is_complete() {
        eprintln!("exo-trace: {delivery}");
    }
    Ok(usage)
}

pub(crate) fn start(endpoint: &str) -> Result<TraceGuard, InitError> {
    let config = TraceConfig::new("compare").backend(TraceBackend::Otlp).endpoint(endpoint);
    exo_trace::init(config.ring_bytes(RING_BYTES))
}

pub(crate) fn record(load: &Load) {
    match load.mix {
        Mix::Static => load.run(static_text),
        Mix::Made => load.run(text_made),
    }
}

pub(crate) fn finish(trace: &TraceGuard) -> Delivery {
    trace.flush(PATIENCE)
}

fn static_text(mut steps: Range<i64>) {
    let first = steps.next();
    let _run = span_sync!("run", app.agent.name = "researcher", app.agent.step = first);
    for step in steps {
        let _span = span_sync!("step", app.agent.name = "researcher", app.agent.step = step);
    }
}

fn text_made(mut steps: Range<i64>) {
    let (name, first) = (made_text(), steps.next());
    let _run = span_sync!("run", app.agent.name = name.as_str(), app.agent.step = first);
    for step in steps {
        let name = made_text();
        let _span = span_sync!("step", app.agent.name = name.as_str(), app.agent.step = step);
    }
}
