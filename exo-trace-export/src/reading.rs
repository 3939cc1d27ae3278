//! The right to read the rings: one drain has it at a time, because a ring has one reader.
//!
//! A shutdown that ran out of time leaves its drain to itself. The next one begins only when that
//! has made its last pass, or both would take the same records.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a new drain waits for the one before it; a pass takes milliseconds.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// The process whose drain reads: a forked child inherits the value and not the thread.
static READER: Mutex<Option<u32>> = Mutex::new(None);
static FREE: Condvar = Condvar::new();

fn reader() -> MutexGuard<'static, Option<u32>> {
    READER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The right itself, given back when it is dropped.
pub(crate) struct Reading {
    process: u32,
}

impl Reading {
    /// Takes the right, or returns `None` when another drain does not let go of it.
    pub(crate) fn begin() -> Option<Self> {
        let process = std::process::id();
        let is_taken = |reader: &mut Option<u32>| *reader == Some(process);
        let waited = FREE.wait_timeout_while(reader(), WAIT_MAX, is_taken);
        let (mut reader, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return None;
        }
        *reader = Some(process);
        Some(Self { process })
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        let mut reader = reader();
        if *reader == Some(self.process) {
            *reader = None;
        }
        drop(reader);
        FREE.notify_all();
    }
}
