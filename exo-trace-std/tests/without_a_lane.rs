//! What a thread that found no lane cannot record is counted once, however often it tries.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod drain;

use drain::Drain;
use exo_trace_std::{Counter, Settings, Span, TraceFuture, span_sync};
use std::pin::pin;
use std::task::{Context, Waker};
use std::thread;

#[test]
fn every_span_and_fact_of_a_thread_without_a_lane_is_counted_once() {
    let mut drain = Drain::start(Settings { threads_max: 1, ..Settings::default() });
    let outer = span_sync!("has the only lane");
    let owned = Span::start("sent", ());
    let future = std::future::pending::<()>().traced("sent as well");
    let shared = Span::start("shared", ());
    thread::scope(|scope| {
        scope.spawn(|| shared.set_attribute("late", 1));
    });
    assert_eq!(drain.counted(), [(Counter::NoLane, 1)], "the attribute");

    let other = thread::spawn(move || {
        drop(span_sync!("root"));
        owned.end();
        let mut future = pin!(future);
        let mut cx = Context::from_waker(Waker::noop());
        assert!((0..3).all(|_| future.as_mut().poll(&mut cx).is_pending()));
    });
    other.join().expect("the thread does not panic");
    assert_eq!(drain.counted(), [(Counter::NoLane, 1 + 3)], "and each of three spans");

    drop(shared);
    drop(outer);
    assert_eq!(drain.spans(), 2);
    assert_eq!(drain.counted(), [(Counter::NoLane, 1 + 3)]);
}
