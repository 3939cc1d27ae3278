//! A slot of a machine without 64-bit atomics: two 32-bit ones.

use crate::sync::Relaxed;
use portable_atomic::AtomicU32;

/// One word of a ring's storage: two 32-bit halves, the low one first.
#[derive(Debug)]
pub struct Slot([AtomicU32; 2]);

impl Slot {
    /// Returns a slot that holds `word`.
    pub const fn new(word: u64) -> Self {
        Self([AtomicU32::new(word as u32), AtomicU32::new((word >> 32) as u32)])
    }
}

/// Returns the word. Relaxed: ordered by the ring's positions.
#[inline(always)]
pub(crate) fn load(Slot([low, high]): &Slot) -> u64 {
    u64::from(low.load(Relaxed)) | u64::from(high.load(Relaxed)) << 32
}

/// Replaces the word. Relaxed: ordered by the ring's positions.
#[inline(always)]
pub(crate) fn store(Slot([low, high]): &Slot, word: u64) {
    low.store(word as u32, Relaxed);
    high.store((word >> 32) as u32, Relaxed);
}
