//! Traces as something a test can hold: run code, get the spans it made.

use crate::trace::Trace;
use crate::{capture, running};
use exo_trace_core::IdGenerator;
use exo_trace_std::{Context, SpanContext, TraceFlags, TraceId};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// How long a capture waits for the drain; a healthy one answers in a millisecond.
const FLUSH_MAX: Duration = Duration::from_secs(30);

/// Runs `f` and returns the spans made under it.
///
/// Only those: tests may run in parallel. Needs no `init`; without one it starts a drain that has no
/// destination. Every span is sampled, whatever the sampler says.
///
/// ```
/// use exo_trace_export::testing::capture;
/// use exo_trace_std::span_sync;
///
/// let trace = capture(|| {
///     let _run = span_sync!("run", step = 1);
///     let _tool = span_sync!("tool");
/// });
/// assert_eq!(trace.to_text(), "run step=1\n  tool\n");
/// ```
pub fn capture(f: impl FnOnce()) -> Trace {
    let captured = Captured::begin();
    {
        let _attached = captured.context().attach();
        f();
    }
    captured.end()
}

/// Runs `future` and returns the spans made under it; see [`capture()`].
pub async fn capture_async(future: impl Future<Output = ()>) -> Trace {
    let captured = Captured::begin();
    captured.context().scope(future).await;
    captured.end()
}

/// A trace that is waited for; gives up waiting when the test panics.
struct Captured {
    root: SpanContext,
    is_waiting: bool,
}

impl Captured {
    fn begin() -> Self {
        running::ensure_for_testing();
        let random = RandomState::new();
        let ids = IdGenerator::new(random.hash_one(std::thread::current().id()));
        let (trace_id, span_id) = (ids.trace_id(random.hash_one(0)), ids.span_id(1));
        let flags = TraceFlags::SAMPLED.with(TraceFlags::RANDOM);
        capture::begin(trace_id);
        Self { root: SpanContext { trace_id, span_id, flags, is_remote: false }, is_waiting: true }
    }

    fn context(&self) -> Context {
        Context::of(self.root)
    }

    fn trace_id(&self) -> TraceId {
        self.root.trace_id
    }

    fn end(mut self) -> Trace {
        let _ = running::flush_running(FLUSH_MAX);
        self.is_waiting = false;
        Trace::new(capture::end(self.trace_id()))
    }
}

impl Drop for Captured {
    fn drop(&mut self) {
        if self.is_waiting {
            capture::end(self.trace_id());
        }
    }
}
