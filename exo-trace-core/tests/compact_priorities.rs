//! The main loop and an interrupt record beside each other: rings, ids and current spans of their own.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod board;

use board::{Board, spans};
use exo_trace_core::compact::{Clock32, Recorder, Ring, RingRef, Site, Sites, Target, site};
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

static STEP: Site = site!("agent.step");
static TICK: Site = site!("timer.tick");
static SITES: &[&[Site]] = &[&[STEP], &[TICK]];

fn ids(ring: RingRef<'_>) -> Vec<u32> {
    spans(ring).iter().map(|span| span.id.to_word()).collect()
}

/// An interrupt makes its recorder anew each time it runs.
fn interrupt<C: Clock32>(ring: &'static Ring<64, 1>, clock: C) {
    let recorder = Recorder::new(ring, clock);
    drop(recorder.start(&TICK));
}

#[test]
fn two_recorders_at_two_priorities_never_share_ids() {
    static MAIN: Ring<64> = Ring::new();
    static TIMER: Ring<64, 1> = Ring::new();
    let board = Board::default();
    Sites::new(SITES);
    let main = Recorder::new(&MAIN, &board);
    let mut seen = HashSet::new();
    for _ in 0..100 {
        let span = main.start(&STEP);
        interrupt(&TIMER, &board);
        drop(span);
        interrupt(&TIMER, &board);
        let ids = [ids(MAIN.by_ref()), ids(TIMER.by_ref())].concat();
        assert_eq!(ids.len(), 3);
        assert!(ids.into_iter().all(|id| seen.insert(id)), "an id was given twice");
    }
    assert_eq!((MAIN.by_ref().number(), TIMER.by_ref().number()), (0, 1));
}

#[test]
fn an_interrupt_is_not_inside_the_span_it_interrupts_but_can_be_linked() {
    static MAIN: Ring<64> = Ring::new();
    static TIMER: Ring<64, 1> = Ring::new();
    let board = Board::default();
    Sites::new(SITES);
    let main = Recorder::new(&MAIN, &board);
    let span = main.start(&STEP);
    interrupt(&TIMER, &board);
    let [tick] = spans(TIMER.by_ref())[..] else { panic!("one span") };
    main.link(Target::Local(tick.id));
    assert_eq!((tick.parent, tick.root), (None, tick.id));
    assert_ne!(Some(tick.id), span.id());
}

#[test]
fn whoever_reads_is_woken_when_the_ring_is_half_full() {
    static RING: Ring<64> = Ring::new();
    static WOKEN: AtomicUsize = AtomicUsize::new(0);
    let wake = || {
        WOKEN.fetch_add(1, Ordering::Relaxed);
    };
    Sites::new(SITES);
    let recorder = Recorder::waking(&RING, Board::default(), wake);
    for (spans_written, woken) in [(5, 0), (5, 1)] {
        (0..spans_written).for_each(|_| drop(recorder.start(&STEP)));
        assert_eq!(WOKEN.load(Ordering::Relaxed), woken);
    }
}

#[test]
fn a_span_that_leaves_early_leaves_the_others_their_parents() {
    static RING: Ring<64> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    let outer = recorder.start(&STEP);
    let first = recorder.start(&STEP);
    let second = recorder.start(&STEP);
    let (outer_id, second_id) = (outer.id(), second.id());
    drop(first);
    assert_eq!(recorder.current(), second_id);
    drop(recorder.start(&STEP));
    drop(second);
    assert_eq!(recorder.current(), outer_id);
    drop(outer);
    assert_eq!(recorder.current(), None);
    let parents: Vec<_> = spans(RING.by_ref()).iter().map(|span| span.parent).collect();
    assert_eq!(parents[1], second_id);
}
