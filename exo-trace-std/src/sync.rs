//! The atomics of lanes, from one place, so that Loom can stand in for them.

pub(crate) use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

#[cfg(exo_loom)]
pub(crate) use loom::sync::atomic::AtomicU32;
#[cfg(not(exo_loom))]
pub(crate) use std::sync::atomic::AtomicU32;

/// Atomics that live in a `static`, outside what Loom can see.
pub(crate) use std::sync::atomic::{
    AtomicU32 as StaticAtomicU32, AtomicU64 as StaticAtomicU64, AtomicUsize as StaticAtomicUsize,
};
