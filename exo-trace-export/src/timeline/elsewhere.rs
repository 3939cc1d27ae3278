//! The time of other machines: ticks that are Unix nanoseconds already, or those of a board.
//!
//! A board's ticks become moments when they arrive: a line through what its clock said and when that was
//! heard. What is heard is late by what the way took, so of the last few the earliest counts, each brought
//! to now at the board's own pace.

use super::{Anchor, BEND_MIN, CATCH_UP_NANOS, ERROR_NANOS_MAX, Timeline};
use std::collections::VecDeque;
use std::time::Duration;
use web_time::{Instant, SystemTime, UNIX_EPOCH};

/// How many arrivals are compared: enough that one of them came without delay.
const ARRIVALS_MAX: usize = 8;
/// How far a clock may be behind what was told of it before it is followed at once: slowed down by a
/// twentieth, a line makes up for a minute in twenty.
const BEHIND_NANOS_MAX: u64 = 60_000_000_000;

impl Timeline {
    /// Returns a timeline whose ticks are Unix nanoseconds already.
    pub(crate) fn of_unix_nanos() -> Self {
        let mut timeline = Self::new((Instant::now(), 0), 1.0);
        // A line by a pace is rounded, one to the next anchor is exact: the first says no pace.
        let anchor = |ticks, nanos_per_tick| Anchor { ticks, unix_nanos: ticks, nanos_per_tick };
        timeline.anchors = vec![anchor(0, 0.0), anchor(u64::MAX, 1.0)];
        timeline
    }

    /// Tells whether a tick was to be so much later than it is that nobody would wait for it.
    fn is_ahead_of(&self, ticks: u64, unix_nanos: u64) -> bool {
        let is_far = |last: &Anchor| last.at(ticks).saturating_sub(unix_nanos) > BEHIND_NANOS_MAX;
        self.anchors.last().is_some_and(is_far)
    }

    /// Learns a moment of a board, whose next one may be long in coming.
    fn learn(&mut self, ticks: u64, unix_nanos: u64) {
        // What was planned for later is planned anew.
        if self.anchors.len() > 1 && self.anchors.last().is_some_and(|last| last.ticks > ticks) {
            self.anchors.pop();
        }
        match self.slowed(ticks, unix_nanos) {
            Some(reached) => {
                // Nothing is learnt of the pace from a moment that is none.
                self.watched_since = (ticks, reached);
                self.push(ticks, reached);
                self.watched_since = (ticks, unix_nanos);
            }
            None => self.push(ticks, unix_nanos),
        }
        self.straighten();
    }

    /// Returns what to say instead where a clock is further behind than what was told of it already
    /// lets it jump: as little more as slows the line down, so that it is waited for.
    fn slowed(&self, ticks: u64, unix_nanos: u64) -> Option<u64> {
        let last = self.anchors.last()?;
        let told = last.at(self.told_until.max(last.ticks));
        let nearest = last.at(ticks).saturating_sub(ERROR_NANOS_MAX as u64);
        (unix_nanos <= told && unix_nanos < nearest).then_some(nearest)
    }

    /// Plans where the last line has made up for its error: it goes on at the clock's own pace there.
    fn straighten(&mut self) {
        let nanos_per_tick = self.nanos_per_tick;
        let Some(&last) = self.anchors.last() else { return };
        let ticks = last.ticks.saturating_add((CATCH_UP_NANOS / nanos_per_tick).ceil() as u64);
        let is_bent = (last.nanos_per_tick / nanos_per_tick - 1.0).abs() >= BEND_MIN;
        if is_bent && ticks > last.ticks {
            self.line.set(None);
            self.anchors.push(Anchor { ticks, unix_nanos: last.at(ticks), nanos_per_tick });
        }
    }
}

/// The time of one boot of a board.
#[derive(Debug)]
pub(crate) struct BoardTime {
    timeline: Timeline,
    /// The pace that the board says it has.
    nanos_per_tick: f64,
    /// Ticks, and when the host heard of them; the youngest last.
    arrivals: VecDeque<(u64, u64)>,
}

impl BoardTime {
    /// Returns the time of a board that makes so many ticks in a second.
    pub(crate) fn new(ticks_per_second: u32) -> Self {
        let nanos_per_tick = 1e9 / f64::from(ticks_per_second.max(1));
        Self {
            timeline: Timeline::new((Instant::now(), 0), nanos_per_tick),
            nanos_per_tick,
            arrivals: VecDeque::with_capacity(ARRIVALS_MAX),
        }
    }

    /// Returns what the host's clock says; a clock of before 1970 says that.
    pub(crate) fn now() -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }

    /// Learns that the board itself knows the moment of a tick, and that it is `now` there.
    pub(crate) fn knows(&mut self, ticks: u64, unix_nanos: u64, now: u64) {
        // It may have learnt it at the tick of an anchor that did not say so yet.
        let since = now.saturating_sub(ticks) as f64 * self.nanos_per_tick;
        let (ticks, unix_nanos) = (now.max(ticks), unix_nanos.saturating_add(since as u64));
        if !self.arrivals.is_empty() {
            // What was heard says nothing of a clock that is believed, and of its pace neither.
            self.arrivals.clear();
            self.timeline.nanos_per_tick = self.nanos_per_tick;
            self.timeline.watched_since = (ticks, unix_nanos);
        }
        // It was set right: what comes from now on has the right time, and may stand before what came.
        if self.timeline.is_ahead_of(ticks, unix_nanos) {
            self.timeline.begin_again();
        }
        self.timeline.learn(ticks, unix_nanos);
    }

    /// Learns that the board's clock was heard at a moment of the host's.
    pub(crate) fn heard(&mut self, ticks: u64, unix_nanos: u64) {
        if self.arrivals.back().is_some_and(|&(last, _)| ticks <= last) {
            return;
        }
        if self.arrivals.len() == ARRIVALS_MAX {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back((ticks, unix_nanos));
        let pace = self.timeline.nanos_per_tick;
        let brought = |&(before, heard): &(u64, u64)| {
            heard.saturating_add(((ticks - before) as f64 * pace) as u64)
        };
        let earliest = self.arrivals.iter().map(brought).min().unwrap_or(unix_nanos);
        self.timeline.learn(ticks, earliest);
    }

    /// Returns the moments at which a span began and ended.
    pub(crate) fn stretch(&mut self, start_ticks: u64, end_ticks: u64) -> (u64, u64) {
        self.timeline.told_until = self.timeline.told_until.max(end_ticks);
        self.timeline.stretch(start_ticks, end_ticks)
    }

    /// Returns the moment of a tick.
    pub(crate) fn moment(&mut self, ticks: u64) -> u64 {
        self.stretch(ticks, ticks).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;
    const EPOCH: u64 = 1_795_000_000_000 * MS;

    #[test]
    fn nanoseconds_stay_as_they_are_to_the_last_one() {
        let timeline = Timeline::of_unix_nanos();
        for nanos in [0, 1, 12_345, EPOCH + 1, EPOCH + 2, u64::MAX - 1, u64::MAX] {
            assert_eq!(timeline.unix_nanos(nanos, nanos), nanos);
        }
        assert_eq!(timeline.stretch(EPOCH + 7, EPOCH + 8), (EPOCH + 7, EPOCH + 8));
    }

    #[test]
    fn a_board_that_knows_the_time_is_believed() {
        let mut time = BoardTime::new(1_000);
        time.heard(100, EPOCH + 900 * MS);
        time.knows(5_100, EPOCH + 9_000 * MS, 5_100);
        assert!(time.moment(6_100).abs_diff(EPOCH + 10_000 * MS) < MS);
    }

    #[test]
    fn of_late_arrivals_the_earliest_counts() {
        let mut time = BoardTime::new(1_000);
        // The way takes 3 ms, and now and then much more.
        for second in 0..60_u64 {
            let delay = if second % 5 == 0 { 3 } else { 3 + second * 37 % 90 };
            time.heard(second * 1_000, EPOCH + (second * 1_000 + delay) * MS);
        }
        let error = time.moment(60_000).abs_diff(EPOCH + 60_003 * MS);
        assert!(error < 5 * MS, "{error} ns");
    }

    #[test]
    fn a_clock_that_runs_two_percent_fast_is_followed_and_never_goes_back() {
        let mut time = BoardTime::new(1_000);
        let mut last = 0;
        for second in 0..600_u64 {
            time.heard(second * 1_020, EPOCH + second * 1_000 * MS);
            for tick in (0..1_020).step_by(51) {
                let moment = time.moment(second * 1_020 + tick);
                assert!(moment >= last, "{last} was told before {moment}");
                last = moment;
            }
        }
        let error = time.moment(600 * 1_020).abs_diff(EPOCH + 600_000 * MS);
        assert!(error < 20 * MS, "{error} ns");
    }

    #[test]
    fn a_recording_that_is_heard_all_at_once_goes_on_and_never_goes_back() {
        let mut time = BoardTime::new(1_000);
        let mut last = 0;
        for second in 0..600_u64 {
            time.heard(second * 1_000, EPOCH);
            let moment = time.moment(second * 1_000);
            assert!(moment >= last, "second {second}: {last} was told before {moment}");
            last = moment;
        }
    }

    #[test]
    fn a_moment_that_was_told_is_told_again() {
        let mut time = BoardTime::new(32_768);
        time.heard(0, EPOCH);
        let told: Vec<_> = (0..40).map(|n| (n * 1_000, time.moment(n * 1_000))).collect();
        for second in 1..40 {
            time.heard(second * 33_000, EPOCH + second * 1_000 * MS + second % 3 * MS);
        }
        for (ticks, moment) in told.into_iter().filter(|(ticks, _)| *ticks < 33_000) {
            assert!(time.moment(ticks).abs_diff(moment) <= 1, "tick {ticks}");
        }
    }

    #[test]
    fn a_moment_that_a_board_says_once_is_right_for_the_hours_after_it() {
        let mut time = BoardTime::new(1_000);
        (0..5).for_each(|second| time.heard(second * 1_000, EPOCH + second * 1_000 * MS));
        assert!(time.moment(4_500) > EPOCH);
        // Ten milliseconds later than it was heard; every anchor after that repeats it.
        (0..3_600).for_each(|second| time.knows(5_000, EPOCH + 5_010 * MS, 5_000 + second * 1_000));
        let error = time.moment(3_605_000).abs_diff(EPOCH + 3_605_010 * MS);
        assert!(error < MS, "{error} ns after an hour");
    }

    #[test]
    fn a_board_that_speaks_once_a_minute_keeps_its_time() {
        let mut time = BoardTime::new(1_000);
        for minute in 0..60_u64 {
            let delay = minute * 7 % 10;
            time.heard(minute * 60_000, EPOCH + (minute * 60_000 + delay) * MS);
            for second in (0..60).step_by(5) {
                let tick = minute * 60_000 + second * 1_000;
                let error = time.moment(tick).abs_diff(EPOCH + tick * MS);
                assert!(error < 60 * MS, "{error} ns in minute {minute}");
            }
        }
    }

    #[test]
    fn a_first_arrival_that_was_late_is_made_up_for_though_spans_are_told_all_the_time() {
        let mut time = BoardTime::new(1_000);
        let mut last = 0;
        for second in 0..60_u64 {
            let delay = if second == 0 { 500 } else { 3 };
            time.heard(second * 1_000, EPOCH + (second * 1_000 + delay) * MS);
            for tick in (second * 1_000..second * 1_000 + 990).step_by(90) {
                let moment = time.moment(tick);
                assert!(moment >= last, "{last} was told before {moment}");
                last = moment;
            }
        }
        let error = time.moment(59_995).abs_diff(EPOCH + 59_998 * MS);
        assert!(error < 20 * MS, "{error} ns after a minute");
    }

    #[test]
    fn a_clock_that_runs_two_percent_slow_is_followed() {
        let mut time = BoardTime::new(1_000);
        for second in 0..600_u64 {
            time.heard(second * 980, EPOCH + second * 1_000 * MS);
            time.moment(second * 980);
        }
        let error = time.moment(599 * 980).abs_diff(EPOCH + 599_000 * MS);
        assert!(error < 20 * MS, "{error} ns");
    }

    #[test]
    fn a_clock_that_was_far_ahead_is_right_as_soon_as_it_is_set_right() {
        let mut time = BoardTime::new(1_000);
        let year = 365 * 86_400_000 * MS;
        time.knows(1_000, EPOCH + 60 * year, 1_000);
        assert_eq!(time.moment(2_000), EPOCH + 60 * year + 1_000 * MS);
        // The board asked a better clock.
        time.knows(3_000, EPOCH + 3_000 * MS, 3_000);
        // Of a span that was under way then, how long it took stays right.
        assert_eq!(time.stretch(1_500, 4_000), (EPOCH + 1_500 * MS, EPOCH + 4_000 * MS));
        // As far behind as is still waited for, and a little more.
        time.knows(10_000, EPOCH - 49_000 * MS, 10_000);
        assert!(time.moment(10_000) > EPOCH);
        time.knows(20_000, EPOCH - 61_000 * MS, 20_000);
        assert_eq!(time.moment(21_000), EPOCH - 60_000 * MS);
    }

    #[test]
    fn whatever_a_board_says_of_the_time_is_borne() {
        let all = [0, 1, 5, 1_000, 1 << 32, u64::MAX - 1, u64::MAX];
        for ticks_per_second in [1, 1_000, u32::MAX] {
            let mut time = BoardTime::new(ticks_per_second);
            for (ticks, moment) in all.into_iter().flat_map(|a| all.map(|b| (a, b))) {
                time.knows(ticks, moment, 1_000);
                time.heard(moment, ticks);
                let (start, end) = time.stretch(ticks.min(moment), ticks.max(moment));
                assert!(start <= end, "{ticks} and {moment}");
            }
        }
    }

    #[test]
    fn a_moment_that_a_board_learns_right_after_an_anchor_is_believed() {
        let mut time = BoardTime::new(1_000);
        time.heard(5_000, EPOCH);
        time.knows(5_000, EPOCH + 9_000 * MS, 6_000);
        assert_eq!(time.moment(7_000), EPOCH + 11_000 * MS);
    }
}
