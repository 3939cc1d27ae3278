//! Hours of a machine whose counter and clocks stop, jump and are set, in made-up ticks.

use super::*;
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;
/// How often the drain looks.
const PASS: u64 = 50_000_000;
/// When the story begins, by the wall clock.
const EPOCH: u64 = 1_700_000_000 * SECOND;
/// How far a moment may be from what the clocks said.
const NEAR: u64 = 2_000_000;

/// A machine whose counter has a tick a nanosecond, and its drain.
struct Machine {
    ticks: u64,
    monotonic: u64,
    wall: u64,
    timeline: Timeline,
}

impl Machine {
    fn start() -> Self {
        let timeline = Timeline::new((Instant::now(), EPOCH), 1.0);
        let mut machine = Self { ticks: 5 * SECOND, monotonic: 0, wall: EPOCH, timeline };
        machine.look();
        machine
    }

    fn look(&mut self) {
        let elapsed = Duration::from_nanos(self.monotonic);
        let look = Look { before: self.ticks, after: self.ticks, elapsed, wall: self.wall };
        self.timeline.anchor_by(|| look);
    }

    /// Lets time go by; the drain looks again and again.
    fn runs(&mut self, nanos: u64) {
        for _ in 0..nanos / PASS {
            self.ticks = self.ticks.wrapping_add(PASS);
            self.monotonic += PASS;
            self.wall = self.wall.wrapping_add(PASS);
            self.look();
        }
    }

    /// Returns when a span began that took a second until now, and checks how long it was.
    fn span_of_a_second(&mut self) -> u64 {
        let start = self.ticks;
        self.runs(SECOND);
        let (began, ended) = self.timeline.stretch(start, self.ticks);
        assert!((ended - began).abs_diff(SECOND) < NEAR, "{} ns", ended - began);
        began
    }
}

fn assert_near(moment: u64, expected: u64) {
    assert!(moment.abs_diff(expected) < NEAR, "{moment}, not {expected}");
}

#[test]
fn a_span_that_was_open_for_an_hour_began_and_ended_when_it_did() {
    let mut machine = Machine::start();
    let start = machine.ticks;
    machine.runs(3_600 * SECOND);
    let (began, ended) = machine.timeline.stretch(start, machine.ticks);
    assert_near(began, EPOCH);
    assert_near(ended, EPOCH + 3_600 * SECOND);
    assert!(machine.timeline.anchors.len() <= ANCHORS_MAX);
}

#[test]
fn wall_time_is_right_after_a_suspend_whether_or_not_the_counter_went_on() {
    for counts_on in [true, false] {
        let mut machine = Machine::start();
        machine.runs(10 * SECOND);
        let start = machine.ticks;
        // The monotonic clock stops for ten minutes, and the wall clock does not.
        machine.ticks += if counts_on { 600 * SECOND } else { 0 };
        machine.wall += 600 * SECOND;
        machine.runs(10 * SECOND);
        let (began, ended) = machine.timeline.stretch(start, machine.ticks);
        assert_near(began, EPOCH + 10 * SECOND);
        assert!(ended >= began, "across the suspend: {began} to {ended}");
        let now = machine.wall;
        assert_near(machine.span_of_a_second(), now);
    }
}

#[test]
fn a_counter_that_begins_anew_is_followed_from_where_it_is() {
    for from in [0, 700 * SECOND] {
        let mut machine = Machine::start();
        machine.wall += 3_600 * SECOND;
        machine.runs(1_000 * SECOND);
        machine.ticks = from;
        machine.runs(SECOND);
        for _ in 0..100 {
            let now = machine.wall;
            assert_near(machine.span_of_a_second(), now);
        }
    }
}

#[test]
fn a_wall_clock_set_back_moves_only_what_begins_afterwards() {
    let mut machine = Machine::start();
    machine.runs(10 * SECOND);
    let start = machine.ticks;
    machine.wall -= 3_600 * SECOND;
    machine.runs(SECOND);
    let (began, ended) = machine.timeline.stretch(start, machine.ticks);
    assert_near(began, EPOCH + 10 * SECOND);
    assert_near(ended, EPOCH + 11 * SECOND);
    let now = machine.wall;
    assert_near(machine.span_of_a_second(), now);
    // And set to before 1970, which a clock without a battery is.
    machine.wall = 0;
    machine.runs(SECOND);
    let now = machine.wall;
    assert_near(machine.span_of_a_second(), now);
}

#[test]
fn a_counter_that_stops_costs_its_spans_their_length_and_no_later_one_anything() {
    let mut machine = Machine::start();
    machine.runs(10 * SECOND);
    let start = machine.ticks;
    for _ in 0..100 {
        machine.monotonic += PASS;
        machine.wall += PASS;
        machine.look();
    }
    let (began, ended) = machine.timeline.stretch(start, machine.ticks);
    assert_eq!(began, ended);
    machine.runs(2 * SECOND);
    let now = machine.wall;
    assert_near(machine.span_of_a_second(), now);
}

#[test]
fn any_ticks_are_a_moment() {
    let mut machine = Machine::start();
    for jump in [u64::MAX, 0, 1, u64::MAX - PASS, SECOND, u64::MAX / 2] {
        machine.ticks = jump;
        machine.look();
        machine.runs(10 * PASS);
        for (start, end) in [(0, u64::MAX), (u64::MAX, 0), (jump, jump), (1, SECOND)] {
            let _ = machine.timeline.stretch(start, end);
        }
    }
    assert!(machine.timeline.anchors.len() <= ANCHORS_MAX);
}

#[test]
fn a_span_that_was_open_for_hours_began_before_the_first_child_that_left_long_ago() {
    let mut machine = Machine::start();
    let mut told = Vec::new();
    for pass in 0..100_000 {
        machine.ticks += PASS;
        machine.monotonic += PASS;
        // No look is exact.
        let exact = machine.monotonic;
        machine.monotonic += pass * 7_919 % 1_000;
        machine.look();
        machine.monotonic = exact;
        if told.len() < 100 {
            let start = machine.ticks - 9;
            told.push((start, machine.timeline.unix_nanos(start, start)));
        }
    }
    for (start, moment) in told {
        assert_eq!(machine.timeline.unix_nanos(start, start), moment, "tick {start}");
    }
}
