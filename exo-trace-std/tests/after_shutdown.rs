//! After `shutdown` a span that ends or begins is counted, and after the next `init` all is as before.
#![cfg(feature = "enabled")]

mod drain;

use drain::Drain;
use exo_trace_std::{Counter, Settings, Span, State, TraceFuture, span_async, span_sync};
use std::pin::pin;
use std::task::{Context, Waker};

#[test]
fn spans_that_end_after_shutdown_are_counted_one_by_one() {
    let mut drain = Drain::start(Settings::default());
    let guard = span_sync!("guard", step = 1);
    let owned = Span::start("owned", ());
    let mut cx = Context::from_waker(Waker::noop());
    {
        let mut polled = pin!(span_async!("polled", { std::future::pending::<()>().await }));
        assert!(polled.as_mut().poll(&mut cx).is_pending());
        let mut done = pin!(std::future::ready(7).traced("done"));
        State::AfterShutdown.set();
        assert!(done.as_mut().poll(&mut cx).is_ready());
    }
    owned.end();
    drop(guard);
    assert_eq!(drain.spans(), 0);
    assert_eq!(drain.counted(), [(Counter::AfterShutdown, 4)]);
}

#[test]
fn spans_that_begin_after_shutdown_are_counted_one_by_one() {
    let mut drain = Drain::start(Settings::default());
    State::AfterShutdown.set();
    drop(span_sync!("guard", step = 1));
    Span::start("owned", ()).end();
    assert_eq!(drain.spans(), 0);
    assert_eq!(drain.counted(), [(Counter::AfterShutdown, 2)]);
}

#[test]
fn what_is_told_to_a_span_after_shutdown_is_counted() {
    let mut drain = Drain::start(Settings::default());
    let guard = span_sync!("guard");
    State::AfterShutdown.set();
    guard.set_attribute("late", 1);
    guard.record_error("too late");
    drop(guard);
    assert_eq!(drain.spans(), 0);
    assert_eq!(drain.counted(), [(Counter::AfterShutdown, 3)]);
}

#[test]
fn a_thread_records_again_after_the_next_init() {
    let mut drain = Drain::start(Settings::default());
    let outer = span_sync!("outer");
    State::AfterShutdown.set();
    drop(span_sync!("lost"));
    State::On.set();
    drop(span_sync!("inner"));
    drop(outer);
    assert_eq!(drain.spans(), 2);
    assert_eq!(drain.counted(), [(Counter::AfterShutdown, 1)]);
}
