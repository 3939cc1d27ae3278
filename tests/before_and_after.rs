//! Before `init`, between two of them, and after the last: nothing breaks and everything is counted.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;

use exo_trace::{
    InitError, Losses, Span, TraceBackend, TraceConfig, TraceGuard, init, span_sync, traced,
};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

static ALONE: Mutex<()> = Mutex::new(());

/// Whether recording is on is the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start() -> TraceGuard {
    init(TraceConfig::new("stories").backend(TraceBackend::Memory)).expect("nothing records yet")
}

#[traced]
fn work() -> u8 {
    7
}

#[test]
fn a_second_init_says_that_recording_runs_and_harms_nothing() {
    let _alone = alone();
    let trace = start();
    let error = init(TraceConfig::new("second")).expect_err("one is enough");
    assert!(matches!(error, InitError::AlreadyRunning));
    let says = "tracing runs already, expected one `init` until its guard shuts down";
    assert_eq!(error.to_string(), says);
    assert_eq!(work(), 7);
    laws::accounts_for(1, &trace.shutdown(DEADLINE));
}

#[test]
fn after_a_shutdown_a_new_init_is_allowed_and_starts_at_nothing() {
    let _alone = alone();
    for _ in 0..3 {
        let trace = start();
        work();
        let delivery = trace.shutdown(DEADLINE);
        laws::accounts_for(1, &delivery);
        assert_eq!(laws::tree_of(trace.memory().expect("the memory backend")), "work\n");
    }
}

#[test]
fn an_init_right_after_a_shutdown_without_time_shares_no_record_with_it() {
    let _alone = alone();
    let mut memories = Vec::new();
    for _ in 0..30 {
        let trace = start();
        (0..1_000).for_each(|_| _ = work());
        let _ = trace.shutdown(Duration::ZERO);
        assert_eq!(trace.losses().undecodable, 0);
        memories.extend(trace.memory().cloned());
    }
    // What the last one left behind ends with it; then all of them have what they get.
    drop(start());
    let spans: Vec<_> = memories.iter().flat_map(exo_trace::Memory::spans).collect();
    assert!(laws::check(&spans).is_empty());
}

#[test]
fn a_dropped_guard_is_a_shutdown() {
    let _alone = alone();
    let trace = start();
    let memory = trace.memory().expect("the memory backend").clone();
    work();
    drop(trace);
    assert_eq!(laws::tree_of(&memory), "work\n");
    drop(start());
}

#[test]
fn a_span_that_ends_after_the_shutdown_is_counted() {
    let _alone = alone();
    let trace = start();
    let span = span_sync!("open too long", note = %"its text went ahead");
    let delivery = trace.shutdown(DEADLINE);
    assert_eq!(delivery.delivered, 0);
    assert_eq!(delivery.lost.facts_evicted, 1, "the text has no span to go with: {delivery}");
    drop(span);
    assert_eq!(trace.losses().after_shutdown, 1);
    assert_eq!(work(), 7);
    assert_eq!(trace.losses().after_shutdown, 2);
}

#[test]
fn spans_before_init_run_their_work_and_are_counted() {
    let _alone = alone();
    // Other stories may have left the process behind a shutdown; both sides of an `init` count.
    let lost = |losses: Losses| losses.before_init + losses.after_shutdown;
    let trace = start();
    let before = lost(trace.losses());
    let _ = trace.shutdown(DEADLINE);
    for _ in 0..3 {
        assert_eq!(work(), 7);
        let span = Span::start("owned", ());
        span.set_attribute("late", "text");
        assert_eq!(span.span_context(), None);
    }
    assert_eq!(lost(trace.losses()) - before, 6);
}

#[test]
fn a_shutdown_from_two_threads_and_a_third_time_gives_one_delivery() {
    let _alone = alone();
    let trace = start();
    work();
    let (one, other) = thread::scope(|scope| {
        let other = scope.spawn(|| trace.shutdown(DEADLINE));
        (trace.shutdown(DEADLINE), other.join().expect("a shutdown does not panic"))
    });
    assert_eq!((&one, one.delivered), (&other, 1));
    assert_eq!(trace.shutdown(DEADLINE), one);
    assert_eq!(trace.flush(DEADLINE), one, "there is nothing left to flush");
}

#[test]
fn a_leaked_guard_is_never_delivered_and_its_children_are() {
    let _alone = alone();
    let trace = start();
    thread::spawn(|| {
        std::mem::forget(span_sync!("leaked"));
        drop(span_sync!("child"));
    })
    .join()
    .expect("the thread does not panic");
    let delivery = trace.shutdown(DEADLINE);
    assert!(delivery.is_complete(), "{delivery}");
    let memory = trace.memory().expect("the memory backend");
    let names: Vec<_> = memory.spans().iter().map(|span| span.name().into_owned()).collect();
    assert_eq!(names, ["child"]);
}

#[test]
fn switched_off_nothing_is_recorded_and_nothing_is_a_loss() {
    let _alone = alone();
    let config = TraceConfig::new("off").backend(TraceBackend::Memory).enabled(false);
    let trace = init(config).expect("it starts");
    assert_eq!(work(), 7);
    let delivery = trace.shutdown(DEADLINE);
    assert_eq!((delivery.delivered, delivery.lost.after_shutdown), (0, 0), "{delivery}");
}

#[test]
fn a_wrong_setting_is_named() {
    let _alone = alone();
    let error = init(TraceConfig::new("wrong").sample_rate(1.5)).expect_err("above one");
    assert_eq!(error.to_string(), "sample_rate is 1.5, expected 0.0 to 1.0");
    drop(start());
}

#[tokio::test]
async fn flush_and_shutdown_have_forms_that_do_not_block() {
    let trace = {
        let _alone = alone();
        let trace = start();
        work();
        let flushed = futures::executor::block_on(trace.flush_async(DEADLINE));
        laws::accounts_for(1, &flushed);
        work();
        laws::accounts_for(2, &futures::executor::block_on(trace.shutdown_async(DEADLINE)));
        trace
    };
    assert_eq!(trace.shutdown_async(DEADLINE).await.delivered, 2);
}
