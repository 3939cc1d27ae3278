//! emit with an emitter that counts what it is handed, on the calling thread.
//!
//! At its best: a runtime whose every part is known when the program is built, no filter, and
//! attributes as properties of the event instead of the context, which would keep them in a map. The
//! emitter looks at nothing and keeps nothing: a real one would copy or encode the span right there.

use crate::contender::{About, Contender, EARLY, SPAN, TWO, Way, timed};
use ::emit::event::ToEvent;
use ::emit::platform::{DefaultClock, DefaultCtxt, DefaultRng};
use ::emit::runtime::Runtime;
use ::emit::{Emitter, Empty, Value};
use exo_trace_ways::floor::work;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

pub(super) const ABOUT: About = About {
    packages: &["emit"],
    settings: "a runtime of concrete types, no filter, attributes as `evt_props`; the emitter counts what it is \
               handed on the calling thread and keeps nothing",
    lacks: "a buffer: what a real emitter does with a span, on the calling thread too, is not in its figure",
};

static COUNTED: AtomicU64 = AtomicU64::new(0);

static RUNTIME: Runtime<Counting, Empty, DefaultCtxt, DefaultClock, DefaultRng> =
    Runtime::build(Counting, Empty, DefaultCtxt::shared(), DefaultClock::new(), DefaultRng::new());

struct Counting;

impl Emitter for Counting {
    fn emit<E: ToEvent>(&self, event: E) {
        std::hint::black_box(event.to_event().extent());
        // Relaxed: read by the thread that writes it.
        COUNTED.store(COUNTED.load(Relaxed) + 1, Relaxed);
    }

    fn blocking_flush(&self, _: Duration) -> bool {
        true
    }
}

pub(super) fn set_up() -> Result<Contender, Box<dyn Error>> {
    Ok(Contender {
        ways: vec![
            Way::new(SPAN, |times| below_a_root(times, alone)).below_a_root(),
            Way::new(TWO, |times| below_a_root(times, two_attributes)).below_a_root(),
        ],
        missing: Box::new(|expected| expected.saturating_sub(COUNTED.swap(0, Relaxed))),
    })
}

fn below_a_root(times: usize, way: impl FnMut(usize)) -> Duration {
    let (mut root, frame) = ::emit::span_guard!(rt: &RUNTIME, "run");
    frame.call(move || {
        root.start();
        timed(times, way)
    })
}

#[inline(always)]
fn alone(step: usize) {
    let (mut span, frame) = ::emit::span_guard!(rt: &RUNTIME, "span");
    frame.call(move || {
        span.start();
        work(step);
    });
}

#[inline(always)]
fn two_attributes(step: usize) {
    let attributes = [("step", Value::from(step)), ("is_early", Value::from(step < EARLY))];
    let (mut span, frame) = ::emit::span_guard!(rt: &RUNTIME, evt_props: attributes, "two");
    frame.call(move || {
        span.start();
        work(step);
    });
}
