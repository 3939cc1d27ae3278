//! The memory of a ring: lazily zeroed, so that a thread pays only for the pages it touches.

use exo_trace_core::Slot;

#[cfg(all(target_has_atomic = "64", not(exo_loom)))]
pub(super) fn zeroed(words: usize) -> Box<[Slot]> {
    bytemuck::zeroed_slice_box(words)
}

#[cfg(not(all(target_has_atomic = "64", not(exo_loom))))]
pub(super) fn zeroed(words: usize) -> Box<[Slot]> {
    (0..words).map(|_| Slot::new(0)).collect()
}
