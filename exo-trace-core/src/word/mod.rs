//! One 64-bit word of a ring, in the machine's own atomics.
//!
//! A slot is stored and loaded `Relaxed`: the ring's `written` and `read` positions order it. A
//! 64-bit host uses the standard atomic itself, not a wrapper, because only that can be had from
//! lazily zeroed memory in safe code. A 32-bit chip, which has no 64-bit atomic, uses two halves;
//! that is sound because only one side touches a slot between two hand-offs.

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
