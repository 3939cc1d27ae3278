//! A timer of 32 bits wraps, and a span that saw it wrap is as long as it was.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod board;

use board::{Board, spans};
use exo_trace_core::compact::{HalfLaps, Recorder, Ring, Site, site};
use proptest::prelude::*;

static STEP: Site = site!("agent.step");

const LAP: u64 = 1 << 32;

/// How long a span is said to be that took so many ticks.
fn measured(ring: &'static Ring<64>, start: u32, ticks: u64) -> u64 {
    let board = Board::at(start);
    let recorder = Recorder::new(ring, &board);
    let span = recorder.start(&STEP);
    board.wait(ticks);
    drop(span);
    let [span] = spans(ring.by_ref())[..] else { panic!("one span") };
    u64::from(span.laps) * LAP + u64::from(span.end.wrapping_sub(span.start))
}

#[test]
fn a_span_over_the_wrap_is_as_long_as_it_was() {
    static RING: Ring<64> = Ring::new();
    for start in [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] {
        for ticks in [0, 1, LAP / 2, LAP - 1, LAP, LAP + 1, 3 * LAP - 1, 3 * LAP, 200 * LAP] {
            assert_eq!(measured(&RING, start, ticks), ticks, "{ticks} ticks from {start:#x}");
        }
    }
}

#[test]
fn a_span_longer_than_can_be_said_says_as_much_as_can() {
    static RING: Ring<64> = Ring::new();
    assert_eq!(measured(&RING, 5, 300 * LAP) / LAP, 255);
}

#[test]
fn where_nobody_counts_a_span_of_less_than_a_lap_is_right() {
    static RING: Ring<64> = Ring::new();
    let board = Board::default();
    board.sleep(0xffff_fff0);
    let recorder = Recorder::new(&RING, &board);
    let span = recorder.start(&STEP);
    board.sleep(0x20);
    drop(span);
    let [span] = spans(RING.by_ref())[..] else { panic!("one span") };
    assert_eq!((span.end.wrapping_sub(span.start), span.laps), (0x20, 0));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whenever_it_begins_and_ends(start in any::<u32>(), ticks in 0..250 * LAP) {
        static RING: Ring<64> = Ring::new();
        prop_assert_eq!(measured(&RING, start, ticks), ticks);
    }

    #[test]
    fn a_count_of_half_laps_extends_what_the_timer_says(steps in prop::collection::vec(0..LAP / 2, 1..40)) {
        let half_laps = HalfLaps::new();
        let mut now = 0_u64;
        for step in steps {
            // Read before and after the count is moved on: it may be one half late.
            now += step;
            prop_assert_eq!(half_laps.extend(now as u32), now);
            half_laps.advance(now as u32);
            prop_assert_eq!(half_laps.extend(now as u32), now);
        }
    }
}
