//! Which frames never came: the numbers between those that did.
//!
//! A frame carries the low twelve bits of its number, and boot and anchor frames the whole of it. Half a
//! round ahead is a gap; the other half is a frame that came twice, or later than those after it. A gap that
//! long is told from those by the next whole number, to which everything since the last one adds up.

use exo_trace_core::stream::SEQUENCE_BITS;

const MASK: u32 = (1 << SEQUENCE_BITS) - 1;
/// A step over so many frames is one back.
const STEP_MAX: u32 = 1 << (SEQUENCE_BITS - 1);

/// Where one boot's numbers have got to.
#[derive(Debug, Default)]
pub(super) struct Sequence {
    /// The number that was got to: not more than the board's own, whatever came late.
    last: Option<u32>,
    /// The last whole number that was said; before the first one, `last` is known by its low bits alone.
    whole: Option<u32>,
    /// How many frames came or were counted as missing since.
    since: u32,
}

impl Sequence {
    /// Takes the low bits of a frame's number and returns how many frames are missing before it.
    pub(super) fn low(&mut self, low: u32) -> u64 {
        self.since = self.since.wrapping_add(1);
        let Some(last) = self.last else {
            self.last = Some(low & MASK);
            return 0;
        };
        let missing = low.wrapping_sub(last).wrapping_sub(1) & MASK;
        if missing >= STEP_MAX {
            return 0;
        }
        self.since = self.since.wrapping_add(missing);
        self.last = Some(last.wrapping_add(missing).wrapping_add(1));
        missing.into()
    }

    /// Tells whether a whole number is one that was left behind.
    pub(super) fn is_past(&self, number: u32) -> bool {
        let is_behind = |last: u32| (number.wrapping_sub(last) as i32) < 0;
        self.whole.is_some() && self.last.is_some_and(is_behind)
    }

    /// Takes the whole number of the frame whose low bits were taken last and returns how many more
    /// frames are missing than the low bits had told; a number that was left behind tells nothing.
    pub(super) fn whole(&mut self, number: u32) -> u64 {
        let since = std::mem::take(&mut self.since);
        self.last = Some(number);
        let before = self.whole.replace(number);
        let more =
            before.map_or(0, |before| number.wrapping_sub(before).wrapping_sub(since) as i32);
        u64::try_from(more).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_counted_across_the_wrap_of_the_low_bits() {
        let mut sequence = Sequence::default();
        assert_eq!(sequence.low(4_094), 0);
        assert_eq!(sequence.low(4_095), 0);
        assert_eq!(sequence.low(0), 0);
        assert_eq!(sequence.low(3), 2);
    }

    #[test]
    fn whole_rounds_that_were_lost_are_counted_at_the_next_anchor() {
        let mut sequence = Sequence::default();
        assert_eq!(sequence.low(7) + sequence.whole(7), 0);
        // 3 × 4,096 later, and one more.
        assert_eq!(sequence.low(8), 0);
        assert_eq!(sequence.whole(12_296), 12_288);
        assert_eq!(sequence.low(9), 0);
    }

    #[test]
    fn who_joins_late_misses_nothing_that_was_before() {
        let mut sequence = Sequence::default();
        assert_eq!(sequence.low(100) + sequence.whole(8_999_012), 0);
        assert_eq!(sequence.low(101), 0);
    }

    #[test]
    fn a_number_that_comes_again_is_not_four_billion_frames_that_are_missing() {
        let mut sequence = Sequence::default();
        assert_eq!(sequence.low(9) + sequence.whole(9), 0);
        assert_eq!(sequence.low(9) + sequence.whole(9), 0);
    }

    #[test]
    fn a_frame_that_comes_late_or_twice_leaves_no_number_behind() {
        let mut sequence = Sequence::default();
        assert_eq!(sequence.low(0) + sequence.whole(0), 0);
        assert_eq!(sequence.low(3), 2);
        assert_eq!(sequence.low(1) + sequence.low(1) + sequence.low(3) + sequence.low(4), 0);
        assert!(!sequence.is_past(5));
        assert!(sequence.is_past(3));
        assert_eq!(sequence.low(5) + sequence.whole(5), 0);
    }

    #[test]
    fn a_gap_of_most_of_a_round_is_counted_at_the_next_anchor() {
        let mut sequence = Sequence::default();
        assert_eq!(sequence.low(0) + sequence.whole(0), 0);
        assert_eq!(sequence.low(1), 0);
        // 3,000 are lost.
        assert_eq!(sequence.low(3_002) + sequence.low(3_003), 0);
        assert!(!sequence.is_past(3_004));
        assert_eq!(sequence.low(3_004) + sequence.whole(3_004), 3_000);
        assert_eq!(sequence.low(3_006), 1);
    }
}
