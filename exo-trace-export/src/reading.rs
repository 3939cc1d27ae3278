//! The right to read the rings: one drain has it at a time, because a ring has one reader.
//!
//! A shutdown that ran out of time leaves its drain to itself. The next one begins only when that
//! has made its last pass, or both would take the same records.

use crate::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a new drain waits for the one before it; a pass takes milliseconds.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// Who may read: one at a time. Each process has its own, whose drain was not forked with it.
#[derive(Debug)]
pub(crate) struct Right {
    is_taken: Mutex<bool>,
    free: Condvar,
}

/// The right itself, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Reading {
    right: &'static Right,
    process: u32,
}

impl Right {
    /// Returns a right that nobody has.
    pub(crate) const fn new() -> Self {
        Self { is_taken: Mutex::new(false), free: Condvar::new() }
    }

    /// Takes the right, or returns `None` when another drain does not let go of it.
    pub(crate) fn take(&'static self) -> Option<Reading> {
        let mut is_taken = self.lock();
        // Where there are no threads there is nobody to wait for, and no way to.
        if *is_taken {
            let waited = self.free.wait_timeout_while(is_taken, WAIT_MAX, |is_taken| *is_taken);
            let (free, waited) = waited.unwrap_or_else(PoisonError::into_inner);
            if waited.timed_out() {
                return None;
            }
            is_taken = free;
        }
        *is_taken = true;
        Some(Reading { right: self, process: exo_trace_std::process_id() })
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.is_taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        // A forked child's is its parent's, and may have been locked at that moment.
        if self.process == exo_trace_std::process_id() {
            *self.right.lock() = false;
            self.right.free.notify_all();
        }
    }
}
