//! Spans with a coarse clock begin and end at the tick that was published last, and never before what
//! their thread recorded since; where nobody publishes, they read the clock.
#![cfg(feature = "enabled")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "each file of tests asks its own questions")]
mod drain;

use drain::Drain;
use exo_trace_core::{Clock, Record};
use exo_trace_std::{HostClock, Settings, note_panics, span_sync, traced};
use std::future::poll_fn;
use std::mem::take;
use std::panic::{catch_unwind, resume_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;

/// The times of the spans that were recorded, in the order of their ends.
fn times(drain: &mut Drain) -> Vec<(u64, u64)> {
    let mut times = Vec::new();
    drain.pass(|record| {
        if let Record::Span(span) = record {
            times.push((span.start_ticks, span.end_ticks));
        }
    });
    times
}

#[traced(crate = ::exo_trace_std, clock = "coarse", attributes(step))]
fn token(step: u32) -> u32 {
    step + 1
}

#[traced(crate = ::exo_trace_std, clock = "coarse")]
fn parsed(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

#[traced(crate = ::exo_trace_std, clock = "coarse")]
async fn awaited(step: u32) -> u32 {
    step
}

/// A tick that no other read of the clock reaches while a test runs.
fn far_ahead() -> u64 {
    HostClock.ticks() + (1 << 50)
}

#[test]
fn a_coarse_span_has_the_tick_that_was_published_last() {
    let mut drain = Drain::start(Settings::default());
    let root = span_sync!("root");
    let published = far_ahead();
    // The first span of a call site takes a thought, and its beginning is exact.
    token(0);
    HostClock::publish(Some(published));
    assert_eq!(token(1), 2);
    assert_eq!(parsed("7"), Ok(7));
    HostClock::publish(None);
    drop(root);
    let times = times(&mut drain);
    assert_eq!(times[1], (published, published), "the second token");
    let (began, ended) = times[2];
    assert!(began < published && ended == published, "the first call of another site");
}

#[test]
fn a_coarse_span_does_not_begin_before_what_its_thread_recorded_since() {
    let mut drain = Drain::start(Settings::default());
    let root = span_sync!("root");
    token(0);
    HostClock::publish(Some(1));
    drop(span_sync!("exact"));
    token(1);
    HostClock::publish(None);
    drop(root);
    let times = times(&mut drain);
    let (exact, coarse) = (times[1], times[2]);
    assert_eq!(coarse, (exact.1, exact.1), "as old as the last exact read, and no older");
}

#[test]
fn where_nobody_publishes_the_times_are_exact() {
    let mut drain = Drain::start(Settings::default());
    let root = span_sync!("root");
    token(0);
    let before = HostClock.ticks();
    token(1);
    let after = HostClock.ticks();
    drop(root);
    let (began, ended) = times(&mut drain)[1];
    assert!(before < began && began < ended && ended < after);
}

#[test]
fn errors_and_futures_are_what_they_are_with_a_coarse_clock_too() {
    let mut drain = Drain::start(Settings::default());
    let root = span_sync!("root");
    let published = far_ahead();
    HostClock::publish(Some(published));
    assert!(parsed("seven").is_err());
    let mut task = Context::from_waker(Waker::noop());
    assert_eq!(pin!(awaited(3)).poll(&mut task), Poll::Ready(3));
    HostClock::publish(None);
    drop(root);
    let (mut failures, mut ends) = (0, Vec::new());
    drain.pass(|record| match record {
        Record::Failure(_) => failures += 1,
        Record::Span(span) => ends.push(span.end_ticks),
        _ => {}
    });
    assert_eq!(failures, 1);
    assert_eq!(ends[..2], [published; 2]);
}

#[traced(crate = ::exo_trace_std, clock = "coarse")]
fn first_token() {}

#[test]
fn the_first_span_of_a_coarse_call_site_does_not_end_before_it_began() {
    let mut drain = Drain::start(Settings::default());
    let root = span_sync!("root");
    HostClock::publish(Some(1));
    first_token();
    HostClock::publish(None);
    drop(root);
    let (began, ended) = times(&mut drain)[0];
    assert!(began <= ended, "began at {began}, ended at {ended}");
}

#[test]
fn a_coarse_span_does_not_begin_before_the_first_span_of_the_call_site_around_it() {
    let mut drain = Drain::start(Settings::default());
    let root = span_sync!("root");
    token(0);
    HostClock::publish(Some(1));
    let around = span_sync!("around");
    token(1);
    drop(around);
    HostClock::publish(None);
    drop(root);
    let times = times(&mut drain);
    let ((token, _), (around, _)) = (times[1], times[2]);
    assert!(around <= token, "inside of {around} one began at {token}");
}

#[traced(crate = ::exo_trace_std, clock = "coarse")]
async fn interrupted() {
    let mut is_first = true;
    poll_fn(|_| if take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) }).await;
}

#[test]
fn a_coarse_future_does_not_end_before_it_began_on_another_thread() {
    let mut drain = Drain::start(Settings::default());
    let root = span_sync!("root");
    HostClock::publish(Some(1));
    let mut future = Box::pin(interrupted());
    let mut task = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut task).is_pending());
    let ended = thread::spawn(move || {
        future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
    });
    assert!(ended.join().unwrap());
    HostClock::publish(None);
    let (began, ended) = times(&mut drain)[0];
    assert!(began <= ended, "began at {began}, ended at {ended}");
    drop(root);
}

#[traced(crate = ::exo_trace_std, clock = "coarse")]
fn resumed() {
    resume_unwind(Box::new("of another thread"));
}

#[test]
fn a_panic_from_before_a_coarse_span_is_not_said_of_it() {
    let mut drain = Drain::start(Settings::default());
    note_panics();
    let root = span_sync!("root");
    assert!(catch_unwind(resumed).is_err());
    HostClock::publish(Some(1));
    assert!(catch_unwind(|| panic!("before it")).is_err());
    assert!(catch_unwind(resumed).is_err());
    HostClock::publish(None);
    drop(root);
    let mut messages = Vec::new();
    drain.pass(|record| {
        if let Record::Failure(failure) = record {
            messages.push(failure.message.to_owned());
        }
    });
    assert_eq!(messages, ["", ""], "what is resumed says nothing");
}
