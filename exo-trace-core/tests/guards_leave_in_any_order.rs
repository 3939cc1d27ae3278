//! Guards may leave in any order: the newest span still open is the current one, and after all left
//! the first "before" is.
//!
//! The model is a plain stack from which any element can be taken.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::{Before, Clock, Current, OpenSpan, Recorder, Slot, SpanContext};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use std::cell::Cell;

struct EachCallOneTick(Cell<u64>);

impl Clock for EachCallOneTick {
    fn ticks(&self) -> u64 {
        self.0.replace(self.0.get() + 1)
    }
}

type Pen = Recorder<'static, [Slot; 64], EachCallOneTick, fn()>;

fn pen() -> Pen {
    Recorder::new(EachCallOneTick(Cell::new(0)))
}

/// What a guard holds.
struct Guard {
    span: OpenSpan,
    before: Before,
}

/// Enters a child of the current span, or the root of a trace where there is none.
fn enter(pen: &Pen) -> Guard {
    let current = pen.current();
    let span = pen.start(None, if current.is_none() { pen.root(true) } else { current });
    let before = pen.enter(span.as_current()).expect("the same trace");
    Guard { span, before }
}

#[derive(Clone, Debug)]
enum Step {
    Enter,
    Leave(Index),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![Just(Step::Enter), any::<Index>().prop_map(Step::Leave)]
}

/// Open guards beyond which the recorder may forget a gap between them.
const GUARDS_MAX: usize = 8;

fn live(first: Current, steps: Vec<Step>) {
    let pen = pen();
    pen.replace_current(first);
    let mut open: Vec<Guard> = Vec::new();
    for step in steps {
        match step {
            Step::Leave(place) if !open.is_empty() => {
                let place = place.index(open.len());
                let is_newest = place + 1 == open.len();
                let mut guard = open.remove(place);
                assert_eq!(pen.leave(&mut guard.span, guard.before), is_newest);
            }
            Step::Enter if open.len() < GUARDS_MAX => open.push(enter(&pen)),
            Step::Leave(_) | Step::Enter => {}
        }
        let newest = open.last().map_or(first, |guard| guard.span.as_current());
        assert_eq!(pen.current().span_context(), newest.span_context());
    }
    while let Some(mut guard) = open.pop() {
        assert!(pen.leave(&mut guard.span, guard.before));
    }
    assert_eq!(pen.current().span_context(), first.span_context());
}

fn remote() -> Current {
    let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    Current::of(SpanContext::from_traceparent(text).expect("the specification's own example"))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn the_newest_open_span_is_current(steps in vec(any_step(), 1..200), is_remote: bool) {
        live(if is_remote { remote() } else { Current::NONE }, steps);
    }

    #[test]
    fn nested_guards_left_in_any_permutation_end_where_they_began(
        order in Just((0..GUARDS_MAX).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let pen = pen();
        let mut guards: Vec<_> = (0..GUARDS_MAX).map(|_| enter(&pen)).collect();
        for place in order {
            let guard = &mut guards[place];
            pen.leave(&mut guard.span, guard.before);
        }
        prop_assert!(pen.current().is_none());
    }

    #[test]
    fn more_gaps_than_are_remembered_never_panic(
        steps in vec((any::<bool>(), any::<Index>()), 1..300),
    ) {
        let pen = pen();
        let mut open = Vec::new();
        for (is_enter, place) in steps {
            if is_enter || open.is_empty() {
                open.push(enter(&pen));
            } else {
                let mut guard: Guard = open.swap_remove(place.index(open.len()));
                pen.leave(&mut guard.span, guard.before);
            }
        }
    }
}

#[test]
fn a_span_entered_after_a_gap_leads_back_over_it() {
    let pen = pen();
    let [mut first, mut second, mut third] = [(); 3].map(|()| enter(&pen));
    assert!(!pen.leave(&mut second.span, second.before));
    let mut fourth = enter(&pen);
    assert!(!pen.leave(&mut third.span, third.before));
    assert!(pen.leave(&mut fourth.span, fourth.before));
    assert_eq!(pen.current().span_context(), first.span.span_context());
    assert!(pen.leave(&mut first.span, first.before));
    assert!(pen.current().is_none());
}

#[test]
fn what_is_put_back_is_not_a_span_that_left_meanwhile() {
    let pen = pen();
    let [mut outer, mut inner] = [(); 2].map(|()| enter(&pen));
    let before = pen.replace_current(remote());
    assert!(!pen.leave(&mut inner.span, inner.before));
    assert_eq!(pen.put_back(before), remote(), "the remote one was current until now");
    assert_eq!(pen.current().span_context(), outer.span.span_context());
    assert!(pen.leave(&mut outer.span, outer.before));
}

#[test]
fn two_holders_of_one_dead_span_are_both_led_past_it() {
    let pen: Pen = pen();
    let mut parent = enter(&pen);
    // An attached context holds the parent as the span to go back to, and so does the first guard.
    let attached = pen.replace_current(pen.current());
    let mut first = enter(&pen);
    pen.put_back(attached);
    assert!(!pen.leave(&mut first.span, first.before));
    let mut second = enter(&pen);
    assert!(!pen.leave(&mut parent.span, parent.before));
    assert!(pen.leave(&mut second.span, second.before));
    assert!(pen.current().is_none(), "nobody is left to be current");
}

#[test]
fn a_span_of_another_trace_is_not_entered() {
    let pen: Pen = pen();
    let stranger = pen.start(None, pen.root(true));
    let mut own = enter(&pen);
    assert!(pen.enter(stranger.as_current()).is_none());
    assert_eq!(pen.current(), own.span.as_current());
    assert!(pen.leave(&mut own.span, own.before));
}
