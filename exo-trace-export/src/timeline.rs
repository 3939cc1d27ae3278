//! From ticks to the world's time: anchors, and straight lines between them.
//!
//! The drain drops an anchor (a tick and the moment it was) at every pass, so that a counter whose
//! rate was measured a little wrong cannot drift away. Between two anchors time is interpolated,
//! never extrapolated: what is converted was recorded before the last anchor. Anchors lie on the
//! machine's monotonic clock, so a span never ends before it begins; a step of the wall clock moves
//! only spans that begin after it was noticed.

use exo_trace_core::Clock;
use exo_trace_std::HostClock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// How many anchors are kept; past that, every other one of the older half goes.
const ANCHORS_MAX: usize = 512;
/// How far two anchors lie apart at least.
const ANCHOR_NANOS_MIN: u64 = 20_000_000;
/// How far the wall clock may lie from the monotonic one before that counts as a step.
const STEP_NANOS_MIN: i128 = 1_000_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Anchor {
    ticks: u64,
    unix_nanos: u64,
}

/// A step of the wall clock: what begins at this tick or later is moved by so much.
#[derive(Clone, Copy, Debug)]
struct Step {
    ticks: u64,
    moved_nanos: i128,
}

#[derive(Debug)]
pub(crate) struct Timeline {
    epoch: (Instant, u64),
    anchors: Vec<Anchor>,
    steps: Vec<Step>,
}

impl Timeline {
    /// Returns a timeline with its first anchor now.
    pub(crate) fn start() -> Self {
        let epoch = (Instant::now(), unix_nanos(SystemTime::now()));
        let mut timeline = Self { epoch, anchors: Vec::new(), steps: Vec::new() };
        timeline.anchor();
        timeline
    }

    /// Drops an anchor now.
    pub(crate) fn anchor(&mut self) {
        let (start, start_unix_nanos) = self.epoch;
        let ticks = HostClock.ticks();
        let elapsed = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let unix_nanos = start_unix_nanos.saturating_add(elapsed);
        self.push(Anchor { ticks, unix_nanos });
        self.notice_step(ticks, unix_nanos, self::unix_nanos(SystemTime::now()));
    }

    fn push(&mut self, anchor: Anchor) {
        // Anchors of a busy moment are one: the last of them moves on.
        if let [.., before, last] = self.anchors.as_mut_slice()
            && last.unix_nanos - before.unix_nanos < ANCHOR_NANOS_MIN
            && last.ticks < anchor.ticks
        {
            *last = anchor;
        } else if self.anchors.last().is_none_or(|last| last.ticks < anchor.ticks) {
            // The counter and the clock both move forward; equal ticks would divide by zero below.
            self.anchors.push(anchor);
        }
        if self.anchors.len() > ANCHORS_MAX {
            let mut place = 0;
            self.anchors.retain(|_| {
                place += 1;
                place == 1 || place > ANCHORS_MAX / 2 || place % 2 == 0
            });
        }
    }

    fn notice_step(&mut self, ticks: u64, monotonic: u64, wall: u64) {
        let moved = i128::from(wall) - i128::from(monotonic);
        let known = self.steps.last().map_or(0, |step| step.moved_nanos);
        if (moved - known).abs() >= STEP_NANOS_MIN && self.steps.len() < ANCHORS_MAX {
            self.steps.push(Step { ticks, moved_nanos: moved });
        }
    }

    /// Returns the moment of `ticks`, for a span that began at `start_ticks`.
    pub(crate) fn unix_nanos(&self, ticks: u64, start_ticks: u64) -> u64 {
        let moment = i128::from(self.monotonic(ticks));
        let step = self.steps.iter().rev().find(|step| step.ticks <= start_ticks);
        let moved = moment + step.map_or(0, |step| step.moved_nanos);
        u64::try_from(moved.max(0)).unwrap_or(u64::MAX)
    }

    fn monotonic(&self, ticks: u64) -> u64 {
        let after = self.anchors.partition_point(|anchor| anchor.ticks <= ticks);
        let pair = match (after, self.anchors.as_slice()) {
            (_, []) => return 0,
            (_, [only]) => return only.unix_nanos,
            (0, [first, second, ..]) => (first, second),
            (after, anchors) => match (anchors.get(after - 1), anchors.get(after)) {
                (Some(before), Some(next)) => (before, next),
                // Later than the last anchor: the last pair's rate goes on.
                _ => match anchors {
                    [.., before, last] => (before, last),
                    _ => return 0,
                },
            },
        };
        let ((from, to), ticks) = (pair, i128::from(ticks));
        let rise = i128::from(to.unix_nanos) - i128::from(from.unix_nanos);
        let run = i128::from(to.ticks) - i128::from(from.ticks);
        let moment = i128::from(from.unix_nanos) + (ticks - i128::from(from.ticks)) * rise / run;
        u64::try_from(moment.max(0)).unwrap_or(u64::MAX)
    }
}

fn unix_nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(anchors: &[(u64, u64)]) -> Timeline {
        let mut timeline =
            Timeline { epoch: (Instant::now(), 0), anchors: Vec::new(), steps: Vec::new() };
        for &(ticks, unix_nanos) in anchors {
            timeline.push(Anchor { ticks, unix_nanos });
        }
        timeline
    }

    #[test]
    fn time_between_two_anchors_is_a_straight_line() {
        let line = timeline(&[(100, 10), (200, 50_000_010), (300, 250_000_010)]);
        assert_eq!(line.unix_nanos(150, 150), 25_000_010);
        assert_eq!(line.unix_nanos(250, 250), 150_000_010);
        assert_eq!(line.unix_nanos(320, 320), 290_000_010);
        assert_eq!(line.unix_nanos(80, 80), 0);
    }

    #[test]
    fn a_step_of_the_wall_clock_moves_only_spans_that_begin_after_it() {
        let mut line = timeline(&[(100, 1_000), (200, 1_100)]);
        line.notice_step(150, 1_050, 5_000_001_050);
        assert_eq!(line.unix_nanos(160, 140), 1_060);
        assert_eq!(line.unix_nanos(160, 155), 5_000_001_060);
    }

    #[test]
    fn an_anchor_a_pass_for_a_day_stays_within_bounds() {
        let mut line = timeline(&[]);
        (1..=100_000).for_each(|n| line.push(Anchor { ticks: n * 10, unix_nanos: n * 50_000_000 }));
        assert!(line.anchors.len() <= ANCHORS_MAX);
        assert_eq!(line.unix_nanos(10, 10), 50_000_000);
        assert_eq!(line.unix_nanos(999_995, 0), 4_999_975_000_000);
    }
}
