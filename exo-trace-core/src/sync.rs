//! The atomics of this crate, from one place, so that Loom can stand in for them.
//!
//! `portable-atomic` re-exports the machine's own atomics where there are any and fills in where a
//! chip lacks one. Statics (interned ids) always use the real ones, because Loom's have no `const`
//! constructor; what Loom models is built at run time.

pub(crate) use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

#[cfg(exo_loom)]
pub(crate) use loom::sync::atomic::{AtomicU32, AtomicUsize};
#[cfg(not(exo_loom))]
pub(crate) use portable_atomic::{AtomicU32, AtomicUsize};

/// Loads a place that nobody else stores to at the same time. Acquire: pairs with the Release of whoever did
/// before.
#[cfg(not(exo_loom))]
#[inline(always)]
pub(crate) fn own(place: &AtomicUsize) -> usize {
    place.load(Acquire)
}

/// As the machine's; but Loom, where a thread loads a place and then stores to it, never tries that store
/// before another thread's load that came before both. Behind what may be a store itself, it does.
#[cfg(exo_loom)]
pub(crate) fn own(place: &AtomicUsize) -> usize {
    place.fetch_add(0, Acquire)
}

/// How a number is loaded that somebody else published, and that this thread only hands on: relaxed, see
/// `number.rs` for why that is enough.
#[cfg(any(target_has_atomic = "ptr", feature = "critical-section"))]
pub(crate) use core::sync::atomic::Ordering::Relaxed as HandedOn;
/// A reference that is written once, with an acquire-release pair of its own.
#[cfg(any(target_has_atomic = "ptr", feature = "critical-section"))]
pub(crate) use once_cell::race::OnceRef;
/// An atomic that lives in a `static`, outside what Loom can see.
pub(crate) use portable_atomic::AtomicU32 as StaticAtomicU32;

/// Makes a constructor `const`, except under Loom, whose atomics cannot be built at compile time.
macro_rules! const_fn {
    ($(#[$meta:meta])* $vis:vis fn $($rest:tt)*) => {
        #[cfg(not(exo_loom))]
        $(#[$meta])* $vis const fn $($rest)*
        #[cfg(exo_loom)]
        $(#[$meta])* $vis fn $($rest)*
    };
}
pub(crate) use const_fn;
