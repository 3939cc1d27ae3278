//! Polls of one future that never ends: alone, in a span, in a context, in both.
//!
//! Each function makes a future below the current span and returns its poll, so that nothing is
//! measured but what span and context add to one.

use crate::traceparents;
use exo_trace::propagation::set_baggage;
use exo_trace::{Context, TraceFuture, span_async, traced};
use std::hint::black_box;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, Waker};

/// The future alone.
pub fn alone() -> impl FnMut(usize) {
    polled(Endless(0))
}

/// In a span, by `future.traced(name)`.
pub fn traced_future() -> impl FnMut(usize) {
    polled(Endless(0).traced("work"))
}

/// In a span, by `span_async!`.
pub fn in_span_async() -> impl FnMut(usize) {
    polled(span_async!("work", { Endless(0).await }))
}

/// In a span, as a traced `async fn`.
pub fn traced_async_fn() -> impl FnMut(usize) {
    polled(endless())
}

/// In the context that is current anyway.
pub fn in_context() -> impl FnMut(usize) {
    polled(Context::current().scope(Endless(0)))
}

/// In the context of another trace: each poll switches to it and back.
pub fn in_another_context() -> impl FnMut(usize) {
    polled(Context::of(traceparents::context()).scope(Endless(0)))
}

/// In a span and a context that carries baggage.
pub fn in_both_with_baggage() -> impl FnMut(usize) {
    polled(with_baggage().scope(Endless(0).traced("carrying")))
}

/// Returns one poll of `future`, to be done again and again.
fn polled(future: impl Future<Output = u64>) -> impl FnMut(usize) {
    let mut future = Box::pin(future);
    let mut task = TaskContext::from_waker(Waker::noop());
    move |_| {
        let _ = black_box(future.as_mut().poll(&mut task));
    }
}

fn with_baggage() -> Context {
    let _attached = Context::current().attach();
    set_baggage("user_id", "u-123");
    Context::current()
}

#[traced]
async fn endless() -> u64 {
    Endless(0).await
}

/// Is polled, and never ready.
struct Endless(u64);

impl Future for Endless {
    type Output = u64;

    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<u64> {
        self.0 = black_box(self.0 + 1);
        if self.0 == u64::MAX { Poll::Ready(self.0) } else { Poll::Pending }
    }
}
