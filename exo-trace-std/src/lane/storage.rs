//! The memory of a ring: lazily zeroed, so that a thread pays only for the pages it touches.
//!
//! Where the system has none left, the thread goes without a ring; its program is not ended for that.

use exo_trace_core::Slot;

#[cfg(all(target_has_atomic = "64", not(exo_loom)))]
pub(super) fn zeroed(words: usize) -> Option<Box<[Slot]>> {
    bytemuck::try_zeroed_slice_box(words).ok()
}

#[cfg(not(all(target_has_atomic = "64", not(exo_loom))))]
pub(super) fn zeroed(words: usize) -> Option<Box<[Slot]>> {
    let mut slots = Vec::new();
    slots.try_reserve_exact(words).ok()?;
    slots.extend((0..words).map(|_| Slot::new(0)));
    Some(slots.into_boxed_slice())
}
