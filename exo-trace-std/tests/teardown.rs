//! A thread that dies takes nothing with it that is not counted, in whatever order it is torn down.
//!
//! A thread-local's destructor may run before the one that gives the ring back, or after it. Each
//! story is told on both sides at once: one of the two spans is read, the other is counted.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod drain;

use drain::Drain;
use exo_trace_core::{Outcome, Record};
use exo_trace_std::{
    Context, Counter, Settings, Span, TraceFuture, attributes, registry, span_sync,
};
use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context as TaskContext, Waker};
use std::thread;

/// What is done when the thread is torn down.
type Deed = Box<dyn FnOnce()>;

/// Does its deed when its thread ends.
struct AtTheEnd(Cell<Option<Deed>>);

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        if let Some(deed) = self.0.take() {
            deed();
        }
    }
}

thread_local! {
    static REGISTERED_BEFORE: AtTheEnd = const { AtTheEnd(Cell::new(None)) };
    static REGISTERED_AFTER: AtTheEnd = const { AtTheEnd(Cell::new(None)) };
}

/// Runs a thread whose two deeds are done on both sides of the moment its ring is given back.
///
/// The thread records one span before that; the deeds are made after it.
fn die_with(make: fn() -> Deed) {
    let dying = thread::spawn(move || {
        REGISTERED_BEFORE.with(|_| ());
        drop(span_sync!("first"));
        REGISTERED_AFTER.with(|_| ());
        REGISTERED_BEFORE.with(|end| end.0.set(Some(make())));
        REGISTERED_AFTER.with(|end| end.0.set(Some(make())));
    });
    dying.join().expect("the thread does not panic");
}

/// Returns the outcomes of all spans that can be read, in order.
fn outcomes(drain: &mut Drain) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    drain.pass(|record| {
        if let Record::Span(span) = record {
            outcomes.push(span.outcome);
        }
    });
    outcomes
}

#[test]
fn a_span_in_a_destructor_is_read_or_counted() {
    let mut drain = Drain::start(Settings::default());
    die_with(|| Box::new(|| drop(span_sync!("in a destructor"))));
    assert_eq!(drain.spans(), 1 + 1);
    assert_eq!(drain.counted(), [(Counter::ThreadGone, 1)]);
}

#[test]
fn a_span_under_a_name_that_is_a_value_is_read_or_counted() {
    let mut drain = Drain::start(Settings::default());
    die_with(|| Box::new(|| Span::start(format!("made at {}", "the end"), ()).end()));
    assert_eq!(drain.spans(), 1 + 1);
    assert_eq!(drain.counted(), [(Counter::ThreadGone, 1)]);
}

#[test]
fn an_owned_span_that_outlives_its_ring_is_counted() {
    let mut drain = Drain::start(Settings::default());
    die_with(|| {
        let span = Span::start("owned", attributes! { step = 1 });
        Box::new(move || span.end())
    });
    assert_eq!(drain.spans(), 1 + 1);
    assert_eq!(drain.counted(), [(Counter::ThreadGone, 1)]);
}

#[test]
fn a_guard_that_outlives_its_ring_is_counted_and_so_is_what_it_is_told() {
    let mut drain = Drain::start(Settings::default());
    die_with(|| {
        let guard = span_sync!("guard", step = 1);
        Box::new(move || {
            guard.set_attribute("late", 2);
            drop(guard);
        })
    });
    assert_eq!(drain.spans(), 1 + 1);
    let counted = drain.counted();
    let of = |wanted| counted.iter().find(|(counter, _)| *counter == wanted).map(|(_, n)| *n);
    assert_eq!(of(Counter::ThreadGone), Some(2), "the span and its attribute: {counted:?}");
    assert_eq!((of(Counter::SpansRefused), of(Counter::FactsRefused)), (None, None));
}

#[test]
fn a_future_dropped_in_a_destructor_is_cancelled_or_counted() {
    let mut drain = Drain::start(Settings::default());
    die_with(|| {
        let mut future: Pin<Box<_>> = Box::pin(std::future::pending::<()>().traced("pending"));
        let mut cx = TaskContext::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut cx).is_pending());
        Box::new(move || drop(future))
    });
    assert_eq!(outcomes(&mut drain), [Outcome::Ended, Outcome::Cancelled]);
    assert_eq!(drain.counted(), [(Counter::ThreadGone, 1)]);
}

#[test]
fn a_future_polled_in_a_destructor_is_read_or_counted() {
    let mut drain = Drain::start(Settings::default());
    die_with(|| {
        let mut future: Pin<Box<_>> = Box::pin(std::future::ready(7).traced("ready"));
        Box::new(move || {
            let mut cx = TaskContext::from_waker(Waker::noop());
            assert!(future.as_mut().poll(&mut cx).is_ready());
        })
    });
    assert_eq!(drain.spans(), 1 + 1);
    assert_eq!(drain.counted(), [(Counter::ThreadGone, 1)]);
}

#[test]
fn a_context_attached_until_the_end_does_no_harm() {
    let mut drain = Drain::start(Settings::default());
    die_with(|| {
        let attached = Context::empty().attach();
        Box::new(move || {
            drop(span_sync!("in the context"));
            drop(attached);
        })
    });
    assert_eq!(drain.spans(), 1 + 1);
    assert_eq!(drain.counted(), [(Counter::ThreadGone, 1)]);
}

#[test]
fn a_thread_whose_first_span_is_in_a_destructor_leaves_no_lane_claimed() {
    let mut drain = Drain::start(Settings::default());
    let dying = thread::spawn(|| {
        REGISTERED_BEFORE.with(|end| end.0.set(Some(Box::new(|| drop(span_sync!("only"))))));
    });
    dying.join().expect("the thread does not panic");
    let counted: u64 = {
        let read = drain.spans();
        let gone = drain.counted().iter().map(|(_, times)| times).sum::<u64>();
        read + gone
    };
    assert_eq!(counted, 1, "read or counted");
    drain.spans();
    assert!(registry::snapshot().iter().all(|lane| !lane.is_retired()), "each was lent out again");
}

#[test]
fn a_thread_that_dies_inside_a_span_loses_that_span_and_no_other() {
    let mut drain = Drain::start(Settings::default());
    let dying = thread::spawn(|| {
        let leaked = span_sync!("leaked");
        let context = leaked.span_context();
        drop(span_sync!("child"));
        std::mem::forget(leaked);
        drop(span_sync!("another child"));
        context
    });
    let leaked = dying.join().expect("the thread does not panic").expect("it was recording");
    let mut parents = Vec::new();
    drain.pass(|record| {
        if let Record::Span(span) = record {
            assert_eq!(span.trace_id, leaked.trace_id);
            parents.push(span.parent_id);
        }
    });
    assert_eq!(parents, [Some(leaked.span_id); 2]);
    // The next thread on that lane knows nothing of it.
    let next = thread::spawn(|| span_sync!("next").span_context());
    let next = next.join().expect("the thread does not panic").expect("it was recording");
    assert_ne!(next.trace_id, leaked.trace_id);
    assert_eq!(drain.spans(), 1);
    assert_eq!(drain.counted(), []);
}

#[test]
fn a_thread_that_panics_ends_its_spans_on_the_way() {
    let mut drain = Drain::start(Settings::default());
    let dying = thread::spawn(|| {
        let _outer = span_sync!("outer");
        let _inner = span_sync!("inner");
        panic!("out of rings");
    });
    assert!(dying.join().is_err());
    assert_eq!(outcomes(&mut drain), [Outcome::Panic; 2]);
    assert_eq!(drain.counted(), []);
}
