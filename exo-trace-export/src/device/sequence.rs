//! Which frames never came: the numbers between those that did.
//!
//! A frame carries the low twelve bits of its number, so 4,095 frames can be lost in a row before the
//! gap looks smaller than it is; boot and anchor frames say their whole number and set it right.

use exo_trace_core::stream::SEQUENCE_BITS;

const MASK: u32 = (1 << SEQUENCE_BITS) - 1;

/// Where one boot's numbers have got to.
#[derive(Debug, Default)]
pub(super) struct Sequence {
    last: Option<u32>,
    /// Whether `last` is the whole number, or only known by its low bits.
    is_whole: bool,
}

impl Sequence {
    /// Takes the low bits of a frame's number and returns how many frames are missing before it.
    pub(super) fn low(&mut self, low: u32) -> u64 {
        let Some(last) = self.last else {
            self.last = Some(low & MASK);
            return 0;
        };
        // The same number again is a whole round later, or one frame twice; no line doubles frames.
        let step = low.wrapping_sub(last).wrapping_sub(1) & MASK;
        self.last = Some(last.wrapping_add(step).wrapping_add(1));
        u64::from(step)
    }

    /// Tells whether a whole number is one that was left behind.
    pub(super) fn is_past(&self, number: u32) -> bool {
        let is_behind = |last: u32| (number.wrapping_sub(last) as i32) < 0;
        self.is_whole && self.last.is_some_and(is_behind)
    }

    /// Takes the whole number of the frame whose low bits were taken last and returns how many more
    /// frames are missing than the low bits had told; a number that was left behind tells nothing.
    pub(super) fn whole(&mut self, number: u32) -> u64 {
        let known = self.last.replace(number).filter(|_| self.is_whole);
        self.is_whole = true;
        let more = known.map_or(0, |known| number.wrapping_sub(known) as i32);
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
        assert!(sequence.low(9) + sequence.whole(9) < 4_096);
    }
}
