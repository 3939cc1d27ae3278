//! One 64-bit word of a ring, in the machine's own atomics.
//!
//! A slot is stored and loaded `Relaxed`: the ring's `written` and `read` positions order it. A
//! 64-bit host uses the standard atomic itself, not a wrapper, because only that can be had from
//! lazily zeroed memory in safe code. A 32-bit chip, which has no 64-bit atomic, uses two halves;
//! that is sound because only one side touches a slot between two hand-offs.

use crate::record::{Record, padding};

#[cfg(not(target_has_atomic = "64"))]
mod narrow;
#[cfg(target_has_atomic = "64")]
mod wide;

#[cfg(not(target_has_atomic = "64"))]
pub use narrow::Slot;
#[cfg(not(target_has_atomic = "64"))]
pub(crate) use narrow::{load, store};
#[cfg(target_has_atomic = "64")]
pub use wide::Slot;
#[cfg(target_has_atomic = "64")]
pub(crate) use wide::{load, store};

/// One word of a ring's storage, and what the first word of a record says of its length.
///
/// [`Slot`] is one, of 64 bits, and `compact::Slot` of 32; a ring is one algorithm for both.
pub trait Atom: Sized {
    /// What it holds.
    type Word: Copy + Eq;

    /// Holds zero.
    #[cfg(not(exo_loom))]
    #[allow(
        clippy::declare_interior_mutable_const,
        reason = "the beginning of each slot of a ring"
    )]
    const ZERO: Self;

    /// Returns the word. Relaxed: ordered by the ring's positions.
    fn load(&self) -> Self::Word;

    /// Replaces the word. Relaxed: ordered by the ring's positions.
    fn store(&self, word: Self::Word);

    /// Returns how many words the record that starts with `first` has; never zero.
    fn length(first: Self::Word) -> usize;

    /// Returns the first of so many words that say nothing; zero for none.
    fn padding(words: usize) -> Self::Word;
}

impl Atom for Slot {
    type Word = u64;

    #[cfg(not(exo_loom))]
    const ZERO: Self = Self::new(0);

    #[inline(always)]
    fn load(&self) -> u64 {
        load(self)
    }

    #[inline(always)]
    fn store(&self, word: u64) {
        store(self, word);
    }

    #[inline(always)]
    fn length(first: u64) -> usize {
        Record::words(first)
    }

    #[inline(always)]
    fn padding(words: usize) -> u64 {
        padding(words)
    }
}
