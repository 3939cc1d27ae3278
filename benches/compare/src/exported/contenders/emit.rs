//! emit with its own OTLP emitter over gRPC.
//!
//! At its best: a runtime without a filter, attributes as properties of the event instead of the
//! context, no compression. It encodes a span on the calling thread and sends from a thread of its own.
//! Its queue is 10,000 spans long and emptied, unsent, when it is full; its user cannot make it longer.
//! So it has four times as long for a burst as everybody else: at their pace it lost some on a busy machine.

use crate::exported::load::{AGENT, Load, Mix, made_text};
use crate::exported::meter::{Meter, Usage};
use ::emit::platform::{DefaultClock, DefaultCtxt, DefaultRng};
use ::emit::runtime::Runtime;
use ::emit::{Emitter, Empty, Props, Value};
use emit_otlp::Otlp;
use std::error::Error;
use std::ops::Range;
use std::time::Duration;

/// From one burst to the next.
pub(super) const PACE: Duration = Duration::from_millis(40);
const PATIENCE: Duration = Duration::from_secs(60);

type Sending = Runtime<Otlp, Empty, DefaultCtxt, DefaultClock, DefaultRng>;

pub(super) fn run(load: &Load, endpoint: &str) -> Result<Usage, Box<dyn Error>> {
    let otlp = emit_otlp::new()
        .resource([("service.name", "compare")])
        .traces(emit_otlp::traces_grpc_proto(endpoint))
        .spawn();
    let runtime =
        Runtime::build(otlp, Empty, DefaultCtxt::shared(), DefaultClock::new(), DefaultRng::new());
    let meter = Meter::start()?;
    match load.mix {
        Mix::Static => load.run(|steps| burst(&runtime, steps, || AGENT)),
        Mix::Made => load.run(|steps| burst(&runtime, steps, made_text)),
    }
    if !runtime.emitter().blocking_flush(PATIENCE) {
        eprintln!("emit: not all was sent within {PATIENCE:?}");
    }
    meter.stop()
}

fn burst<T: AsRef<str>>(runtime: &Sending, mut steps: Range<i64>, text: impl Fn() -> T) {
    let Some(first) = steps.next() else { return };
    let name = text();
    let (mut run, frame) =
        ::emit::span_guard!(rt: runtime, evt_props: attributes(name.as_ref(), first), "run");
    frame.call(move || {
        run.start();
        for step in steps {
            let name = text();
            child(runtime, attributes(name.as_ref(), step));
        }
    });
}

fn child(runtime: &Sending, attributes: impl Props) {
    let (mut span, frame) = ::emit::span_guard!(rt: runtime, evt_props: attributes, "step");
    frame.call(move || span.start());
}

fn attributes(name: &str, step: i64) -> [(&'static str, Value<'_>); 2] {
    [("app.agent.name", Value::from(name)), ("app.agent.step", Value::from(step))]
}
