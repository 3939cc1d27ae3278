//! Without the feature `enabled` nothing is evaluated, nothing is counted, and the work is done.
#![cfg(not(feature = "enabled"))]

use exo_trace_std::{
    Context, Counter, CurrentSpan, HostClock, Span, SpanGuard, State, TraceFuture, attributes,
    registry, span_async, span_sync, suppressed,
};
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll, Waker};

fn never(what: &str) -> i64 {
    panic!("{what} was evaluated")
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut TaskContext::from_waker(Waker::noop()))
}

#[test]
fn attributes_are_not_evaluated_and_the_work_is_done() {
    HostClock::start();
    State::On.set();
    let guard = span_sync!("guard", cost = never("an attribute"), shown = %never("a display"));
    assert!(!guard.is_recording());
    assert_eq!(guard.span_context(), None);
    drop(guard);
    let future = span_async!("async", cost = never("an attribute"), { 42 });
    assert_eq!(poll(pin!(future)), Poll::Ready(42));
    let mut future = pin!(std::future::ready(7).traced("traced"));
    assert_eq!(poll(future.as_mut()), Poll::Ready(7));
    assert_eq!(poll(future), Poll::Pending, "after its end, as with the feature");
    let span = Span::start("owned", attributes! { step = 1 });
    assert_eq!(span.in_scope(|| suppressed(|| 5)), 5);
    assert_eq!(poll(pin!(Context::current().scope(span.instrument(async { 3 })))), Poll::Ready(3));
    assert!(registry::snapshot().is_empty(), "no thread has a ring");
}

#[test]
fn spans_before_init_are_not_counted_either() {
    drop(span_sync!("before"));
    assert_eq!(Counter::BeforeInit.value(), 0);
}

#[test]
fn guards_and_handles_have_no_size() {
    assert_eq!(size_of::<SpanGuard>(), 0);
    assert_eq!(size_of::<Span>() + size_of::<CurrentSpan>() + size_of::<Context>(), 0);
    assert_eq!(size_of_val(&Context::empty().attach()), 0);
}
