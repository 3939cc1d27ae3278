//! Every lane of the process, living and retired, and how a ring wakes the drain.
//!
//! Lanes are never freed: a thread that ends leaves its ring to the next one. Their number is
//! bounded by `threads_max`, their memory by `threads_max` times the ring. The lock is taken by a
//! thread's first span and by the drain, never by a span after that.

#[cfg(feature = "enabled")]
mod claim;

use crate::lane::Lane;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::Thread;

#[cfg(feature = "enabled")]
pub(crate) use claim::{claim, free_others, retire};

static LANES: Mutex<Vec<&'static Lane>> = Mutex::new(Vec::new());
static DRAIN: RwLock<Option<Thread>> = RwLock::new(None);

fn lanes() -> MutexGuard<'static, Vec<&'static Lane>> {
    // Nothing below panics while it holds the lock; a poisoned list is still a whole one.
    LANES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns every lane there is.
pub fn snapshot() -> Vec<&'static Lane> {
    lanes().clone()
}

/// Adds the lanes made since `known` was filled.
pub fn refresh(known: &mut Vec<&'static Lane>) {
    let lanes = lanes();
    known.extend(lanes.get(known.len()..).unwrap_or_default());
}

/// Says which thread empties the rings, or that none does.
pub fn set_drain(thread: Option<Thread>) {
    *DRAIN.write().unwrap_or_else(PoisonError::into_inner) = thread;
}

/// Wakes the drain; its token is sticky, so no wake-up is lost between its look and its sleep.
pub fn wake_drain() {
    // A lock that is taken means that the drain is just being started or stopped.
    if let Ok(drain) = DRAIN.try_read()
        && let Some(thread) = &*drain
    {
        thread.unpark();
    }
}
