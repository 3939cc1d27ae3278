//! A span that is entered several times leaves nobody behind, in whatever order it and others leave.

use exo_trace_core::{Clock, Current, Recorder, Slot, SpanContext, SpanId, TraceFlags, TraceId};

struct Still;

impl Clock for Still {
    fn ticks(&self) -> u64 {
        0
    }
}

type Desk = Recorder<'static, [Slot; 0], Still, fn()>;

fn desk() -> Desk {
    Recorder::new(Still)
}

fn span(trace: u128, id: u64) -> Current {
    Current::of(SpanContext {
        trace_id: TraceId::new(trace).unwrap(),
        span_id: SpanId::new(id).unwrap(),
        flags: TraceFlags::SAMPLED,
        is_remote: false,
    })
}

#[test]
fn a_span_of_another_trace_gives_the_first_one_back() {
    let (desk, outer, inner) = (desk(), span(1, 1), span(2, 2));
    let (stay, _) = desk.enter_again(outer);
    let (inner_stay, _) = desk.enter_again(inner);
    assert_eq!(desk.current(), inner);
    assert_eq!(desk.leave_again(&inner_stay, None), Some(inner));
    assert_eq!(desk.current(), outer);
    assert_eq!(desk.leave_again(&stay, None), Some(outer));
    assert!(desk.current().is_none());
}

#[test]
fn one_that_left_first_is_not_gone_back_to() {
    let (desk, first, second) = (desk(), span(1, 1), span(2, 2));
    let (first_stay, _) = desk.enter_again(first);
    let (second_stay, _) = desk.enter_again(second);
    assert_eq!(desk.leave_again(&first_stay, None), None);
    assert_eq!(desk.current(), second);
    assert_eq!(desk.leave_again(&second_stay, None), Some(second));
    assert!(desk.current().is_none());
}

#[test]
fn one_that_left_first_and_comes_back_is_gone_again_afterwards() {
    let (desk, first, second) = (desk(), span(1, 1), span(1, 2));
    let (first_stay, _) = desk.enter_again(first);
    let (second_stay, _) = desk.enter_again(second);
    assert_eq!(desk.leave_again(&first_stay, None), None);
    let (again, was_gone) = desk.enter_again(first);
    assert_eq!(was_gone, Some(Current::NONE));
    let (third_stay, _) = desk.enter_again(span(1, 3));
    assert!(desk.leave_again(&third_stay, None).is_some());
    assert_eq!(desk.current(), first, "it is there while it is entered");
    assert_eq!(desk.leave_again(&again, was_gone), Some(first));
    assert_eq!(desk.current(), second);
    assert_eq!(desk.leave_again(&second_stay, None), Some(second));
    assert!(desk.current().is_none(), "nobody goes back to what left twice");
}

#[test]
fn one_that_is_entered_twice_is_left_twice() {
    let (desk, own, other) = (desk(), span(1, 1), span(1, 2));
    let (outer, _) = desk.enter_again(own);
    let (inner, _) = desk.enter_again(own);
    let (other_stay, _) = desk.enter_again(other);
    assert_eq!(desk.leave_again(&inner, None), None);
    assert_eq!(desk.leave_again(&other_stay, None), Some(other));
    assert_eq!(desk.current(), own, "it was left only once");
    assert_eq!(desk.leave_again(&outer, None), Some(own));
    assert!(desk.current().is_none());
}
