//! Spans a hundred thousand deep: by recursion, by guards in a list, by handles, and through a panic.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod deadlines;
mod laws;

use deadlines::{Counting, Watch};
use exo_trace::{Span, SpanData, TraceBackend, TraceConfig, TraceGuard, init, span_sync, traced};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
const DEPTH: usize = 100_000;
/// A frame of an unoptimized build has hundreds of bytes, and more where a panic passes it.
const STACK_BYTES: usize = 1 << 30;
/// So large that nothing is refused.
const RING_BYTES: usize = 64 << 20;

/// Recording is the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a story on a thread with a deep stack, and returns the spans, of which there are [`DEPTH`].
fn spans_of(name: &'static str, story: fn()) -> (TraceGuard, Vec<SpanData<'static>>) {
    let watch = Watch::start(name);
    let config = TraceConfig::new("deep").backend(TraceBackend::Memory).ring_bytes(RING_BYTES);
    // Its first span ends when it is all the way down: only the end is measured.
    let trace = init(config.memory_spans_max(DEPTH)).expect("nothing records yet");
    let deep = thread::Builder::new().stack_size(STACK_BYTES).spawn(story);
    deep.expect("there is room for its stack").join().expect("it does not panic");
    let delivery = watch.shutdown(&trace, DEADLINE);
    laws::accounts_for(DEPTH as u64, &delivery);
    assert!(delivery.is_complete(), "{delivery}");
    let spans = trace.memory().expect("the memory backend").spans();
    (trace, spans)
}

/// Checks that each span stands below the next that ended: one chain, of one trace.
fn is_a_chain(spans: &[SpanData<'_>]) {
    assert!(laws::check(spans).is_empty(), "every parent is there");
    let roots = spans.iter().filter(|span| span.parent_span_id().is_none());
    assert_eq!(roots.count(), 1);
    let is_below = |pair: &[SpanData<'_>]| pair[0].parent_span_id() == Some(pair[1].span_id());
    assert!(spans.windows(2).all(is_below), "each ends inside its parent");
}

#[traced]
fn deeper(left: usize) -> usize {
    if left == 0 { 0 } else { deeper(left - 1) + 1 }
}

#[test]
fn a_function_that_calls_itself_a_hundred_thousand_times_is_a_chain() {
    let _alone = alone();
    let (trace, spans) = spans_of("recurses", || assert_eq!(deeper(DEPTH - 1), DEPTH - 1));
    is_a_chain(&spans);
    let text = trace.memory().expect("the memory backend").tree();
    assert_eq!(text.lines().count(), DEPTH);
    assert!(text.len() < DEPTH * 1_000, "its text does not grow with the square: {}", text.len());
}

#[test]
fn a_hundred_thousand_guards_in_a_list_may_leave_in_either_order() {
    let _alone = alone();
    let (_, spans) = spans_of("guards in a list", || {
        let mut guards: Vec<_> = (0..DEPTH).map(|n| span_sync!("guard", n)).collect();
        while guards.pop().is_some() {}
    });
    is_a_chain(&spans);

    let watch = Watch::start("guards leave in the order they came");
    let config = TraceConfig::new("deep").ring_bytes(RING_BYTES);
    let counting = Counting::default();
    let trace = init(config.exporter(counting.clone())).expect("nothing records yet");
    let guards: Vec<_> = (0..DEPTH).map(|n| span_sync!("guard", n)).collect();
    // The eldest first: each leaves while a newer one is current.
    guards.into_iter().for_each(drop);
    let after = span_sync!("after");
    drop(after);
    let delivery = watch.shutdown(&trace, DEADLINE);
    laws::accounts_for(DEPTH as u64 + 1, &delivery);
    assert_eq!((delivery.delivered, counting.spans()), (DEPTH as u64 + 1, DEPTH as u64 + 1));
}

#[test]
fn a_hundred_thousand_handles_below_each_other_are_a_chain() {
    let _alone = alone();
    let (_, spans) = spans_of("handles below each other", || {
        let mut handles = vec![Span::start("handle", ())];
        while handles.len() < DEPTH {
            let child = handles.last().expect("there is one").child("handle", ());
            handles.push(child);
        }
        while let Some(handle) = handles.pop() {
            handle.end();
        }
    });
    is_a_chain(&spans);
}

fn strikes_below(left: usize) {
    let _span = span_sync!("passed", left);
    if left == 0 {
        // Without its hook, which would print.
        resume_unwind(Box::new("struck"));
    }
    strikes_below(left - 1);
}

#[test]
fn a_panic_that_passes_a_hundred_thousand_spans_ends_each() {
    let _alone = alone();
    let (_, spans) = spans_of("a panic passes them all", || {
        let passed = catch_unwind(AssertUnwindSafe(|| strikes_below(DEPTH - 1)));
        assert!(passed.is_err());
    });
    is_a_chain(&spans);
    assert!(spans.iter().all(|span| span.attribute("exo.outcome") == Some("panic".into())));
}
