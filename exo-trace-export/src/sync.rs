//! The locks of what has a model, from one place, so that Loom can stand in for them (`tests/loom`).

pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
