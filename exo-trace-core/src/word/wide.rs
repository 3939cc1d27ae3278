//! A slot of a machine with 64-bit atomics: one of them.

use crate::sync::Relaxed;

/// One word of a ring's storage: a 64-bit atomic, or on a 32-bit chip two halves.
#[cfg(not(exo_loom))]
pub use core::sync::atomic::AtomicU64 as Slot;
/// One word of a ring's storage, as Loom sees it.
#[cfg(exo_loom)]
pub use loom::sync::atomic::AtomicU64 as Slot;

/// Returns the word. Relaxed: ordered by the ring's positions.
#[inline(always)]
pub(crate) fn load(slot: &Slot) -> u64 {
    slot.load(Relaxed)
}

/// Replaces the word. Relaxed: ordered by the ring's positions.
#[inline(always)]
pub(crate) fn store(slot: &Slot, word: u64) {
    slot.store(word, Relaxed);
}
