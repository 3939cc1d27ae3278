//! A span's id on the device that made it: a recorder's number and a count, in one word.
//!
//! No random numbers: a chip has few, and each would cost more than the rest of a span. The host makes
//! an id that is the device's alone of it, with the seed that the device drew once at boot.

use core::num::NonZeroU32;

/// How many recorders one device can have; each has a number of its own, from zero.
pub const RECORDERS_MAX: usize = 16;

/// How many bits of an id are the count of its recorder.
const COUNT_BITS: u32 = 28;

/// What no bit of the count is in.
const NUMBER: u32 = !0 << COUNT_BITS;

/// A span's id within its device since the device started.
///
/// The recorder's number is in the upper four bits, a count that skips zero below: two recorders never
/// share an id, and one recorder uses an id again after 268,435,455 others.
///
/// ```
/// use exo_trace_core::compact::LocalId;
///
/// let first = LocalId::new(0x3000_0001).expect("the first id of recorder 3");
/// assert_eq!((first.recorder(), first.count()), (3, 1));
/// assert_eq!(LocalId::new(0x3000_0000), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalId(NonZeroU32);

impl LocalId {
    /// Returns the id of this word, or `None` where the count in it is zero.
    pub const fn new(word: u32) -> Option<Self> {
        match NonZeroU32::new(word) {
            Some(id) if word & !NUMBER != 0 => Some(Self(id)),
            _ => None,
        }
    }

    /// Returns the id as a word, which is never zero.
    pub const fn to_word(self) -> u32 {
        self.0.get()
    }

    /// Returns the number of the recorder that made it, 0 to 15.
    pub const fn recorder(self) -> u8 {
        (self.0.get() >> COUNT_BITS) as u8
    }

    /// Returns its place among the ids of its recorder, from one.
    pub const fn count(self) -> u32 {
        self.0.get() & !NUMBER
    }
}

/// An id with its number below its count, as a ring keeps it: then a count that comes round leaves the
/// number alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turned(pub(super) u32);

impl Turned {
    /// Returns what stands before the first id of a recorder: a count of zero.
    pub(super) const fn before_first(recorder: u8) -> Self {
        Self(recorder as u32)
    }

    /// Returns the id after this one, of the same recorder.
    #[inline(always)]
    pub(super) const fn next(self) -> Self {
        const ONE: u32 = 1 << (32 - COUNT_BITS);
        let next = self.0.wrapping_add(ONE);
        // No id has a count of zero.
        Self(if next < ONE { next + ONE } else { next })
    }

    /// Returns the word of the id.
    #[inline(always)]
    pub(super) const fn to_word(self) -> u32 {
        self.0.rotate_left(COUNT_BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_comes_round_stays_with_its_recorder_and_skips_zero() {
        let said = |id: Turned| LocalId::new(id.to_word()).map(|id| (id.recorder(), id.count()));
        for recorder in [0, 7, 15] {
            let before = Turned::before_first(recorder);
            assert_eq!((said(before), said(before.next())), (None, Some((recorder, 1))));
            let last = Turned(u32::MAX << 4 | u32::from(recorder));
            assert_eq!(said(last), Some((recorder, !NUMBER)));
            assert_eq!(said(last.next()), Some((recorder, 1)));
        }
    }
}
