//! A span works for whom its caller works: identities go down from span to span, and what ends last
//! puts back what was there first, in whatever order guards leave.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::{Before, Clock, Current, IdentityId, IdentityTurn, OpenSpan, Outcome, Record};
use exo_trace_core::{Recorder, Ring, Slot};
use proptest::prelude::*;
use std::cell::Cell;

struct EachCallOneTick(Cell<u64>);

impl Clock for EachCallOneTick {
    fn ticks(&self) -> u64 {
        self.0.replace(self.0.get() + 1)
    }
}

type Pen = Recorder<'static, [Slot; 256], EachCallOneTick, fn()>;

fn pen() -> Pen {
    Recorder::new(EachCallOneTick(Cell::new(0)))
}

fn identity(number: u64) -> IdentityId {
    IdentityId::new(number).expect("a small number")
}

/// Enters a child of the current span, or the root of a trace where there is none.
fn enter(pen: &Pen) -> (OpenSpan, Before) {
    let current = pen.current();
    let root = || pen.root(true).identified(current.identity());
    let span = pen.start(None, if current.is_none() { root() } else { current });
    let before = pen.enter(span.as_current()).expect("the same trace");
    (span, before)
}

fn current(pen: &Pen) -> Option<u64> {
    pen.current().identity().map(IdentityId::to_number)
}

#[test]
fn a_span_says_for_whom_it_worked_and_its_parent_does_not() {
    static RING: Ring<[Slot; 256]> = Ring::new();
    let pen = pen();
    assert!(pen.lend(RING.writer(|| {}), 1).is_ok());
    let (mut outer, outer_before) = enter(&pen);
    let turn = pen.enter_identity(identity(7));
    let (mut below, below_before) = enter(&pen);
    pen.leave(&mut below, below_before);
    pen.end(&below, Outcome::Ended).expect("an empty ring has room");
    assert!(pen.leave_identity(turn));
    assert_eq!(current(&pen), None);
    pen.leave(&mut outer, outer_before);
    pen.end(&outer, Outcome::Ended).expect("a ring of 256 words has room for two spans");
    let mut words = [0; 256];
    let read = RING.reader().read(&mut words);
    let (first, second) = words[..read].split_at(Record::words(words[0]));
    let said = [first, second].map(|words| match Record::decode(words) {
        Ok(Record::Span(span)) => span.identity,
        other => panic!("a span, not {other:?}"),
    });
    assert_eq!(said, [Some(identity(7)), None]);
}

#[test]
fn an_identity_that_leaves_before_a_newer_one_does_not_come_back() {
    let pen = pen();
    let outer = pen.enter_identity(identity(1));
    let nested = pen.enter_identity(identity(2));
    assert!(!pen.leave_identity(outer));
    assert_eq!(current(&pen), Some(2));
    assert!(pen.leave_identity(nested));
    assert_eq!(current(&pen), None);
}

#[test]
fn an_identity_that_leaves_before_a_newer_span_does_not_come_back() {
    let pen = pen();
    let turn = pen.enter_identity(identity(1));
    let (mut span, before) = enter(&pen);
    assert!(!pen.leave_identity(turn));
    assert_eq!(current(&pen), Some(1), "the span works for it to its end");
    pen.leave(&mut span, before);
    assert_eq!(current(&pen), None);
    let again = pen.enter_identity(identity(1));
    assert_eq!(current(&pen), Some(1));
    assert!(pen.leave_identity(again));
}

#[test]
fn an_identity_that_leaves_late_brings_no_ended_span_back() {
    let pen = pen();
    let (mut span, before) = enter(&pen);
    let turn = pen.enter_identity(identity(1));
    pen.leave(&mut span, before);
    assert_eq!(current(&pen), None);
    assert!(!pen.leave_identity(turn));
    assert!(pen.current().is_none());
}

#[test]
fn an_identity_above_another_and_below_it_is_not_taken_for_that_one() {
    for is_in_turn in [true, false] {
        let pen = pen();
        let user = pen.enter_identity(identity(1));
        let task = pen.enter_identity(identity(2));
        let user_again = pen.enter_identity(identity(1));
        let (mut span, before) = enter(&pen);
        assert!(!pen.leave_identity(user_again));
        if !is_in_turn {
            assert!(!pen.leave_identity(task));
        }
        pen.leave(&mut span, before);
        assert_eq!(current(&pen), Some(if is_in_turn { 2 } else { 1 }));
        if is_in_turn {
            assert!(pen.leave_identity(task));
            assert_eq!(current(&pen), Some(1));
        }
        assert!(pen.leave_identity(user));
        assert!(pen.current().is_none());
    }
}

/// More guards than these are not held at once, so that no note of one that left is forgotten.
const FRAMES_MAX: usize = 5;

/// What somebody holds, and what was current when it had just been entered.
struct Frame {
    held: Held,
    state: Current,
}

enum Held {
    Span(OpenSpan, Before),
    /// Nothing once the span in which it was entered has left.
    Identity(IdentityTurn, bool),
}

impl Frame {
    fn is_span(&self) -> bool {
        matches!(self.held, Held::Span(..))
    }

    fn is_gone(&self) -> bool {
        matches!(self.held, Held::Identity(_, true))
    }
}

/// Lets one go, and with a span the identities that were entered in it.
fn leave(pen: &Pen, frames: &mut Vec<Frame>, place: usize) {
    match frames.remove(place).held {
        Held::Identity(turn, _) => {
            pen.leave_identity(turn);
        }
        Held::Span(mut span, before) => {
            pen.leave(&mut span, before);
            for frame in frames.iter_mut().skip(place).take_while(|frame| !frame.is_span()) {
                if let Held::Identity(_, is_gone) = &mut frame.held {
                    *is_gone = true;
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn what_is_current_is_what_was_entered_last_of_all_that_is_left(
        steps in proptest::collection::vec((0..4_u8, any::<proptest::sample::Index>()), 1..20),
    ) {
        let pen = pen();
        let mut frames = Vec::<Frame>::new();
        for (number, (step, index)) in (1..).zip(steps) {
            match step {
                0 if frames.len() < FRAMES_MAX => {
                    let (span, before) = enter(&pen);
                    frames.push(Frame { state: pen.current(), held: Held::Span(span, before) });
                }
                1 if frames.len() < FRAMES_MAX => {
                    let turn = pen.enter_identity(identity(number));
                    let held = Held::Identity(turn, false);
                    frames.push(Frame { state: pen.current(), held });
                }
                _ if frames.is_empty() => {}
                _ => {
                    let place = index.index(frames.len());
                    leave(&pen, &mut frames, place);
                }
            }
            let top = frames.iter().rfind(|frame| !frame.is_gone());
            let expected = top.map_or(Current::NONE, |frame| frame.state);
            let ids = |current: Current| (current.span_context(), current.identity());
            prop_assert_eq!(ids(pen.current()), ids(expected));
        }
    }
}
