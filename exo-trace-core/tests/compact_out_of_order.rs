//! Spans that end in any order, in tasks that take turns: what begins is a child of an open span of its own
//! task, or a root; never of a span that has ended, nor of another task's.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod board;
mod taking_turns;

use board::Board;
use exo_trace_core::SpanContext;
use exo_trace_core::compact::{Recorder, Ring, Site, site};
use proptest::collection::vec;
use proptest::prelude::*;
use taking_turns::{Act, Place, Script, play};

/// All orders in which three spans can end: which of those that are open is the next one, counted from the oldest.
const ORDERS: [[usize; 3]; 6] = [[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 0], [2, 0, 0], [2, 1, 0]];

/// Begins three spans at the first poll; then ends one at each, and begins another meanwhile.
fn task(order: [usize; 3]) -> Vec<Vec<Act>> {
    let begun = vec![Act::Begin, Act::Begin, Act::Begin];
    let ended = |which| vec![Act::End(which), Act::Begin, Act::End(usize::MAX)];
    [vec![begun], order.map(ended).to_vec()].concat()
}

#[test]
fn two_tasks_end_three_spans_each_in_every_order_and_take_turns_in_every_order() {
    static RING: Ring<4096> = Ring::new();
    let turns = (0..1_u32 << 8).filter(|turns| turns.count_ones() == 4);
    let turns = turns.map(|bits| (0..8).map(move |turn| Act::Poll((bits >> turn & 1) as usize)));
    for turns in turns.map(Iterator::collect::<Vec<_>>) {
        for (first, second) in ORDERS.iter().flat_map(|one| ORDERS.map(|other| (*one, other))) {
            let tasks = [task(first), task(second), Vec::new()];
            play(&RING, Script { main: turns.clone(), tasks, outlive: [false; 3] });
        }
    }
}

#[test]
fn a_span_of_outside_that_ends_in_a_poll_leaves_outside_its_parent() {
    static RING: Ring<4096> = Ring::new();
    let outside = |which| vec![Act::Begin, Act::EndOutside(which), Act::Begin];
    for which in 0..3 {
        let tasks = [vec![outside(which), vec![]], vec![], vec![]];
        let mut main = vec![Act::Begin; 3];
        main.extend([Act::Poll(0), Act::Begin, Act::End(usize::MAX), Act::End(1), Act::End(0)]);
        play(&RING, Script { main, tasks, outlive: [false; 3] });
    }
}

/// All orders of the numbers below `count`.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else { return vec![vec![]] };
    let with_last = |order: Vec<usize>| {
        (0..count).map(move |place| {
            let mut order = order.clone();
            order.insert(place, last);
            order
        })
    };
    orders(last).into_iter().flat_map(with_last).collect()
}

#[test]
fn nothing_inside_a_trace_that_is_not_sampled_is_recorded_and_what_comes_after_it_is() {
    static RING: Ring<64> = Ring::new();
    static WORK: Site = site!("work");
    let asked = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    let asked = SpanContext::from_traceparent(asked).expect("well formed");
    let recorder = Recorder::new(&RING, Board::default());
    for order in orders(5) {
        let mut open: Vec<_> = (0..5)
            .map(|depth| match depth {
                0 => Some(recorder.continue_trace(&WORK, &asked)),
                _ => Some(recorder.start(&WORK)),
            })
            .collect();
        for leaves in &order {
            open[*leaves] = None;
            let is_recorded = recorder.start(&WORK).id().is_some();
            assert!(!is_recorded || open[0].is_none(), "{order:?}, {leaves}");
        }
        assert!(recorder.start(&WORK).id().is_some(), "{order:?}");
    }
}

fn any_act(place: Place) -> impl Strategy<Value = Act> {
    let which = 0..8_usize;
    let of_main = u32::from(place == Place::Main);
    prop_oneof![
        4 => Just(Act::Begin),
        1 => Just(Act::Continue),
        1 => Just(Act::ContinueUnsampled),
        4 => which.clone().prop_map(Act::End),
        2 => Just(Act::End(usize::MAX)),
        1 => which.clone().prop_map(Act::EndOutside),
        2 + 6 * of_main => (0..2_usize).prop_map(Act::Poll),
        of_main => (0..2_usize).prop_map(Act::Drop),
        of_main => which.prop_map(Act::EndLeftOver),
    ]
}

fn any_task() -> impl Strategy<Value = Vec<Vec<Act>>> {
    vec(vec(any_act(Place::Task), 0..6), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2048, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn tasks_within_tasks_do_whatever_they_like(
        main in vec(any_act(Place::Main), 0..40),
        tasks in [any_task(), any_task(), any_task()],
        outlive in any::<[bool; 3]>(),
    ) {
        static RING: Ring<8192> = Ring::new();
        play(&RING, Script { main, tasks, outlive });
    }
}
