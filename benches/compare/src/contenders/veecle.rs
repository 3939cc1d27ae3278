//! veecle-telemetry with an exporter that counts what it is handed, on the calling thread.
//!
//! There is nothing to set: each span is four messages (created, entered, left, closed), each with a
//! time, handed to the exporter at once. It looks at nothing and keeps nothing: a real one would encode
//! the message right there.

use crate::contender::{About, Contender, EARLY, SPAN, TWO, Way, timed};
use exo_trace_ways::floor::work;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use veecle_telemetry::collector::{Export, set_exporter};
use veecle_telemetry::protocol::{ExecutionId, InstanceMessage, TelemetryMessage, TracingMessage};
use veecle_telemetry::{Span, SpanContext, span};

pub(super) const ABOUT: About = About {
    packages: &["veecle-telemetry"],
    settings: "features `enable`, `std`; the exporter counts what it is handed on the calling thread and keeps nothing",
    lacks: "a buffer, times finer than a microsecond, and OTLP: what a real exporter does with a message, on the \
            calling thread too, is not in its figure",
};

static CLOSED: AtomicU64 = AtomicU64::new(0);

#[derive(Debug)]
struct Counting;

impl Export for Counting {
    fn export(&self, message: InstanceMessage<'_>) {
        if let TelemetryMessage::Tracing(TracingMessage::CloseSpan(_)) = message.message {
            // Relaxed: read by the thread that writes it.
            CLOSED.store(CLOSED.load(Relaxed) + 1, Relaxed);
        }
    }
}

pub(super) fn set_up() -> Result<Contender, Box<dyn Error>> {
    let started = std::time::UNIX_EPOCH.elapsed()?.as_nanos();
    set_exporter(ExecutionId::from_raw(started << 32), &Counting)?;
    let root = Span::root("run", SpanContext::generate(), &[]).entered();
    Ok(Contender {
        ways: vec![
            Way::new(SPAN, |times| timed(times, alone)),
            Way::new(TWO, |times| timed(times, two_attributes)),
        ],
        missing: Box::new(move |expected| {
            // Until the last burst every span is below it.
            let _below = &root;
            expected.saturating_sub(CLOSED.swap(0, Relaxed))
        }),
    })
}

#[inline(always)]
fn alone(step: usize) {
    let _span = span!("span").entered();
    work(step);
}

#[inline(always)]
fn two_attributes(step: usize) {
    let _span = span!("two", step = step as i64, is_early = step < EARLY).entered();
    work(step);
}
