//! From ticks to the world's time: anchors, and a straight line from each to the next.
//!
//! The drain drops an anchor (a tick, the moment it stands for, and the pace from there on) when it
//! has read the rings, so that a counter whose rate was measured a little wrong cannot drift away:
//! the pace makes up for what the last one got wrong. An anchor never moves, and lies where the line
//! before it ends, so one tick is the same moment whenever it is asked for: a child that waits for
//! other rings does not end up before its parent. Where the pace hardly changes there is no anchor, so
//! that there are few: what lies before the last thousands of them is told again a little otherwise,
//! because every other one is gone. Anchors follow the machine's monotonic clock, so a
//! span never ends before it begins; a step of the wall clock moves only spans that begin after it
//! was noticed.

mod look;

use crate::anchor::{Anchor, Line};
use exo_trace_std::HostClock;
use look::{Look, unix_nanos};
use std::cell::Cell;
use web_time::{Instant, SystemTime};

/// How many anchors are kept; past that, every other one of the older half goes.
const ANCHORS_MAX: usize = 4_096;
/// How far two anchors lie apart at least.
const ANCHOR_NANOS_MIN: u64 = 20_000_000;
/// How far the counter may be from the clock before an anchor jumps there: after a suspend, say.
const ERROR_NANOS_MAX: f64 = 50_000_000.0;
/// In what time the next line makes up for an error of the last one.
const CATCH_UP_NANOS: f64 = 1e9;
/// How much of the pace that may take, so that a little time still passes.
const CATCH_UP_MAX: f64 = 0.05;
/// By how much of it the pace changes at an anchor at least: an error of some microseconds is a look's own.
const BEND_MIN: f64 = 5e-6;
/// How long the counter is watched before its own pace counts for more than the calibrated one.
const WATCHED_NANOS_MIN: u64 = 1_000_000_000;
/// How long a look at the counter and both clocks may take; a thread that was put to sleep in the
/// middle of it has seen three different moments.
const LOOK_NANOS_MAX: f64 = 100_000.0;
/// How often it looks before it goes without an anchor.
const LOOKS_MAX: usize = 4;
/// How far the wall clock may lie from the monotonic one before that counts as a step.
const STEP_NANOS_MIN: i128 = 1_000_000_000;

/// A step of the wall clock: what begins at this tick or later is moved by so much.
#[derive(Clone, Copy, Debug)]
struct Step {
    ticks: u64,
    moved_nanos: i128,
}

#[derive(Debug)]
pub(crate) struct Timeline {
    epoch: (Instant, u64),
    /// What the clock said when the counter's pace began to be watched.
    watched_since: (u64, u64),
    nanos_per_tick: f64,
    anchors: Vec<Anchor>,
    /// The one that was last asked for: most spans lie where the one before them did.
    line: Cell<Option<Line>>,
    steps: Vec<Step>,
    /// No later tick was asked for yet.
    told_until: u64,
}

impl Timeline {
    /// Returns a timeline with its first anchor now.
    pub(crate) fn start() -> Self {
        let epoch = (Instant::now(), unix_nanos(SystemTime::now()));
        let nanos_per_tick =
            HostClock::between(0, 1 << 32).as_nanos() as f64 / (1_u64 << 32) as f64;
        let mut timeline = Self::new(epoch, nanos_per_tick);
        timeline.anchor();
        timeline
    }

    fn new(epoch: (Instant, u64), nanos_per_tick: f64) -> Self {
        let (watched_since, anchors, steps) = ((0, 0), Vec::new(), Vec::new());
        let line = Cell::new(None);
        Self { epoch, watched_since, nanos_per_tick, anchors, line, steps, told_until: 0 }
    }

    /// Drops an anchor now, unless the last one is fresh, or no look at the clocks was quick enough.
    pub(crate) fn anchor(&mut self) {
        let (start, _) = self.epoch;
        self.anchor_by(|| Look::now(start));
    }

    fn anchor_by(&mut self, mut look: impl FnMut() -> Look) {
        let mut best = look();
        for _ in 1..LOOKS_MAX {
            if self.is_quick(best) {
                break;
            }
            let next = look();
            best = if next.ticks_taken() < best.ticks_taken() { next } else { best };
        }
        // The first one has to be: without it no tick means anything.
        if self.is_quick(best) || self.anchors.is_empty() {
            let (_, start_unix_nanos) = self.epoch;
            let elapsed = u64::try_from(best.elapsed.as_nanos()).unwrap_or(u64::MAX);
            let unix_nanos = start_unix_nanos.saturating_add(elapsed);
            let ticks = best.before + best.ticks_taken() / 2;
            if self.has_gone_back(ticks) {
                self.begin_again();
            }
            self.push(ticks, unix_nanos);
            self.notice_step(ticks, unix_nanos, best.wall);
        }
        self.told_until = self.told_until.max(best.after);
    }

    fn is_quick(&self, look: Look) -> bool {
        look.ticks_taken() as f64 * self.nanos_per_tick <= LOOK_NANOS_MAX
    }

    /// Tells whether the counter began anew: after a suspend some do, or where a machine was moved.
    fn has_gone_back(&self, ticks: u64) -> bool {
        let last = self.anchors.last().map(|last| last.ticks.max(self.told_until));
        let back = last.map_or(0, |last| last.saturating_sub(ticks));
        // Processors differ by a little, and that is no reason to forget anything.
        back as f64 * self.nanos_per_tick > ERROR_NANOS_MAX
    }

    /// Forgets what ticks meant before; a span that was under way has only its end right.
    fn begin_again(&mut self) {
        self.anchors.clear();
        self.told_until = 0;
        let last = self.steps.pop();
        self.steps = last.into_iter().map(|step| Step { ticks: 0, ..step }).collect();
    }

    /// Drops an anchor at `ticks`, when the clock says `unix_nanos`.
    fn push(&mut self, ticks: u64, unix_nanos: u64) {
        self.line.set(None);
        let Some(&last) = self.anchors.last() else {
            self.watched_since = (ticks, unix_nanos);
            let nanos_per_tick = self.nanos_per_tick;
            self.anchors.push(Anchor { ticks, unix_nanos, nanos_per_tick });
            return;
        };
        let is_fresh = |at: u64| at < last.unix_nanos.saturating_add(ANCHOR_NANOS_MIN);
        if ticks <= last.ticks || is_fresh(last.at(ticks)) {
            return;
        }
        let reached = last.at(ticks);
        let error = unix_nanos as f64 - reached as f64;
        let anchor = if error.abs() > ERROR_NANOS_MAX {
            // What was told stays: the jump begins where that ends, and never goes back.
            let told =
                Anchor { ticks: self.told_until, unix_nanos: last.at(self.told_until), ..last };
            let is_told = last.ticks < told.ticks && told.ticks < ticks;
            let from = if is_told { told } else { last };
            if unix_nanos <= from.unix_nanos {
                return;
            }
            if is_told && told.unix_nanos > last.unix_nanos {
                self.anchors.push(told);
            }
            self.watched_since = (ticks, unix_nanos);
            Anchor { ticks, unix_nanos, nanos_per_tick: self.nanos_per_tick }
        } else {
            let catch_up = (error / CATCH_UP_NANOS).clamp(-CATCH_UP_MAX, CATCH_UP_MAX);
            let nanos_per_tick = self.pace(ticks, unix_nanos) * (1.0 + catch_up);
            if (nanos_per_tick / last.nanos_per_tick - 1.0).abs() < BEND_MIN {
                return;
            }
            Anchor { ticks, unix_nanos: reached, nanos_per_tick }
        };
        self.anchors.push(anchor);
        if self.anchors.len() > ANCHORS_MAX {
            let mut place = 0;
            self.anchors.retain(|_| {
                place += 1;
                place == 1 || place > ANCHORS_MAX / 2 || place % 2 == 0
            });
        }
    }

    /// Returns how fast the counter goes: as calibrated at first, later as it was watched.
    fn pace(&mut self, ticks: u64, unix_nanos: u64) -> f64 {
        let (from_ticks, from_nanos) = self.watched_since;
        let nanos = unix_nanos.saturating_sub(from_nanos);
        if nanos >= WATCHED_NANOS_MIN && ticks > from_ticks {
            self.nanos_per_tick = nanos as f64 / (ticks - from_ticks) as f64;
        }
        self.nanos_per_tick
    }

    fn notice_step(&mut self, ticks: u64, monotonic: u64, wall: u64) {
        let moved = i128::from(wall) - i128::from(monotonic);
        let known = self.steps.last().map_or(0, |step| step.moved_nanos);
        if (moved - known).abs() >= STEP_NANOS_MIN && self.steps.len() < ANCHORS_MAX {
            self.steps.push(Step { ticks, moved_nanos: moved });
        }
    }

    /// Returns the moment of `ticks`, for a span that began at `start_ticks`.
    #[inline]
    pub(crate) fn unix_nanos(&self, ticks: u64, start_ticks: u64) -> u64 {
        let moment = self.monotonic(ticks);
        if self.steps.is_empty() { moment } else { self.moved(moment, start_ticks) }
    }

    /// Returns the moments at which a span began and ended.
    #[inline(always)]
    pub(crate) fn stretch(&self, start_ticks: u64, end_ticks: u64) -> (u64, u64) {
        match self.line.get() {
            Some(line)
                if self.steps.is_empty() && line.holds(start_ticks) && line.holds(end_ticks) =>
            {
                (line.at(start_ticks), line.at(end_ticks))
            }
            _ => {
                (self.unix_nanos(start_ticks, start_ticks), self.unix_nanos(end_ticks, start_ticks))
            }
        }
    }

    fn moved(&self, moment: u64, start_ticks: u64) -> u64 {
        let moment = i128::from(moment);
        let step = self.steps.iter().rev().find(|step| step.ticks <= start_ticks);
        let moved = moment + step.map_or(0, |step| step.moved_nanos);
        u64::try_from(moved.max(0)).unwrap_or(u64::MAX)
    }

    #[inline]
    fn monotonic(&self, ticks: u64) -> u64 {
        match self.line.get() {
            Some(line) if line.holds(ticks) => line.at(ticks),
            _ => self.look_up(ticks),
        }
    }

    #[inline(never)]
    fn look_up(&self, ticks: u64) -> u64 {
        let after = self.anchors.partition_point(|anchor| anchor.ticks <= ticks);
        let next = self.anchors.get(after);
        let Some(&from) = after.checked_sub(1).and_then(|before| self.anchors.get(before)) else {
            return next.map_or(0, |near| near.at(ticks));
        };
        // By its pace as long as that leads to the next: what was told before that one stood there is
        // told to the nanosecond again. Elsewhere there was a jump, or those between were thinned out.
        let bent = next.filter(|next| from.at(next.ticks) != next.unix_nanos);
        let line = Line {
            from,
            until_ticks: next.map_or(u64::MAX, |next| next.ticks),
            rise_nanos: bent.map(|next| next.unix_nanos.saturating_sub(from.unix_nanos)),
        };
        self.line.set(Some(line));
        line.at(ticks)
    }
}

#[cfg(feature = "device")]
mod elsewhere;
#[cfg(feature = "device")]
pub(crate) use elsewhere::BoardTime;
#[cfg(test)]
mod stories;

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const MS: u64 = 1_000_000;

    /// A counter of one tick a millisecond that was calibrated to be so.
    fn timeline(clock: &[(u64, u64)]) -> Timeline {
        let mut timeline = Timeline::new((Instant::now(), 0), MS as f64);
        clock.iter().for_each(|&(ticks, unix_nanos)| timeline.push(ticks, unix_nanos));
        timeline
    }

    #[test]
    fn time_goes_on_from_the_last_anchor_at_its_pace() {
        let line = timeline(&[(100, 100 * MS), (200, 200 * MS)]);
        assert_eq!(line.unix_nanos(80, 80), 80 * MS);
        assert_eq!(line.unix_nanos(150, 150), 150 * MS);
        assert_eq!(line.unix_nanos(320, 320), 320 * MS);
        assert_eq!(timeline(&[]).unix_nanos(5, 5), 0);
    }

    #[test]
    fn a_tick_is_the_same_moment_whatever_anchors_come_later() {
        let mut line = timeline(&[(1_000, 1_000 * MS)]);
        let mut asked = Vec::new();
        for pass in 1..300 {
            // The clock runs a thousandth faster than the counter was calibrated, and trembles.
            let ticks = 1_000 + pass * 31;
            line.push(ticks, 1_000 * MS + pass * 31 * 1_001_000 + pass % 7 * 10_000);
            asked.extend([ticks - 20, ticks].map(|tick| (tick, line.unix_nanos(tick, tick))));
        }
        for (tick, moment) in asked {
            let now = line.unix_nanos(tick, tick);
            assert_eq!(now, moment, "tick {tick}: a child would begin before its parent");
        }
    }

    #[test]
    fn a_counter_that_was_calibrated_wrong_does_not_drift_away() {
        let clock = |ticks: u64| ticks * 1_001_000;
        let mut line = timeline(&[]);
        (0..10_000).for_each(|pass| line.push(pass * 50, clock(pass * 50)));
        let error = line.unix_nanos(499_950, 0).abs_diff(clock(499_950));
        assert!(error < MS / 100, "{error} ns after eight minutes");
    }

    #[test]
    fn after_a_suspend_time_jumps_to_where_the_clock_is() {
        let line = timeline(&[(100, 100 * MS), (200, 9_000 * MS)]);
        assert_eq!(line.unix_nanos(210, 210), 9_010 * MS);
    }

    #[test]
    fn a_step_of_the_wall_clock_moves_only_spans_that_begin_after_it() {
        let mut line = timeline(&[(100, 100 * MS), (200, 200 * MS)]);
        line.notice_step(150, 150 * MS, 5_150 * MS);
        assert_eq!(line.unix_nanos(160, 140), 160 * MS);
        assert_eq!(line.unix_nanos(160, 155), 5_160 * MS);
    }

    #[test]
    fn a_look_that_was_interrupted_moves_no_anchor() {
        let mut line = Timeline::new((Instant::now(), 0), 1.0);
        let calm = |at: u64| Look {
            before: at,
            after: at + 100,
            elapsed: Duration::from_nanos(at + 50),
            wall: at,
        };
        // Put to sleep for 40 ms between the counter and the clock.
        let interrupted = |at: u64| Look { after: at + 40 * MS, ..calm(at) };
        line.anchor_by(|| calm(100 * MS));
        line.anchor_by(|| interrupted(200 * MS));
        assert_eq!(line.anchors.len(), 1, "all of its looks were interrupted");
        let late = Look { elapsed: Duration::from_micros(400_100), ..calm(400 * MS) };
        let mut looks = [interrupted(300 * MS), late].into_iter();
        line.anchor_by(|| looks.next().unwrap());
        let last = line.anchors.last().map(|anchor| (anchor.ticks, anchor.unix_nanos));
        assert_eq!(last, Some((400 * MS + 50, 400 * MS + 50)));
    }

    #[test]
    fn a_first_look_that_was_interrupted_is_better_than_none() {
        let mut line = Timeline::new((Instant::now(), 0), 1.0);
        let look = |after| Look { before: 0, after, elapsed: Duration::from_nanos(7), wall: 7 };
        let mut looks = [9 * MS, 2 * MS, 4 * MS, 5 * MS].map(look).into_iter();
        line.anchor_by(|| looks.next().unwrap());
        assert_eq!(line.unix_nanos(MS, MS), 7, "the shortest of them");
    }

    #[test]
    fn time_runs_forward_whatever_the_clock_says() {
        let mut line = timeline(&[(100, 100 * MS)]);
        let mut moments = Vec::new();
        // Back by a lot, back to the same moment, on, and back again.
        let clock = [(200, 200), (300, 120), (400, 200), (500, 500), (900, 560), (910, 100)];
        for (ticks, unix_ms) in clock {
            line.anchor_by(|| Look {
                before: ticks,
                after: ticks,
                elapsed: Duration::from_millis(unix_ms),
                wall: unix_ms * MS,
            });
            moments.push(line.unix_nanos(ticks, ticks));
        }
        assert!(moments.is_sorted_by(|a, b| a < b), "{moments:?}");
        assert!(line.anchors.is_sorted_by(|a, b| a.ticks < b.ticks && a.unix_nanos < b.unix_nanos));
    }

    #[test]
    fn a_counter_that_agrees_with_the_clock_needs_few_anchors() {
        let mut line = timeline(&[]);
        (0..10_000).for_each(|pass| line.push(pass * 50, pass * 50 * MS + pass % 3 * 1_000));
        assert!(line.anchors.len() < 10, "{}", line.anchors.len());
    }

    #[test]
    fn an_anchor_a_pass_for_a_day_stays_within_bounds() {
        let mut line = timeline(&[]);
        // A clock that trembles, so that each of them bends the line.
        (1..=100_000).for_each(|pass| line.push(pass * 50, pass * 50 * MS + pass % 2 * MS / 50));
        assert!((ANCHORS_MAX / 2..=ANCHORS_MAX).contains(&line.anchors.len()));
        for tick in [50, 2_500_025, 4_999_975] {
            assert!(line.unix_nanos(tick, tick).abs_diff(tick * MS) < MS / 10);
        }
    }
}
