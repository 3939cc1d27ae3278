//! The atomics and locks of what has a model, from one place, so that Loom can stand in (`tests/loom`).

pub(crate) use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
pub(crate) use std::sync::atomic::{AtomicU32, AtomicUsize};
pub(crate) use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
pub(crate) use std::thread::Thread;

/// Atomics that live in a `static`, outside what Loom can see.
pub(crate) use std::sync::atomic::{
    AtomicU32 as StaticAtomicU32, AtomicU64 as StaticAtomicU64, AtomicUsize as StaticAtomicUsize,
};
