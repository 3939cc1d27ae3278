//! One word of a ring of the 32-bit profile: an atomic that every chip has.
//!
//! Only loaded and stored, which a Cortex-M0 can; it has no compare-and-swap.

use super::head::{padding, words};
use crate::sync::{AtomicU32, Relaxed};
use crate::word::Atom;

/// One word of a ring of the 32-bit profile.
#[derive(Debug)]
pub struct Slot(pub(super) AtomicU32);

impl Atom for Slot {
    type Word = u32;

    #[cfg(not(exo_loom))]
    const ZERO: Self = Self(AtomicU32::new(0));

    #[inline(always)]
    fn load(&self) -> u32 {
        self.0.load(Relaxed)
    }

    #[inline(always)]
    fn store(&self, word: u32) {
        self.0.store(word, Relaxed);
    }

    #[inline(always)]
    fn length(first: u32) -> usize {
        words(first)
    }

    #[inline(always)]
    fn padding(words: usize) -> u32 {
        padding(words)
    }
}
