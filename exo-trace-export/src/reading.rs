//! The right to read the rings: one drain has it at a time, because a ring has one reader.
//!
//! A shutdown that ran out of time leaves its drain to itself. The next one begins only when that
//! has made its last pass, or both would take the same records.

use exo_trace_std::PerProcess;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long a new drain waits for the one before it; a pass takes milliseconds.
const WAIT_MAX: Duration = Duration::from_secs(5);

static READER: PerProcess<Reader> = PerProcess::new();

/// Whether a drain reads. A forked child has its own: the thread of its parent's drain was not forked.
#[derive(Default)]
struct Reader {
    is_there: Mutex<bool>,
    gone: Condvar,
}

fn reader() -> &'static Reader {
    READER.own(|_| Reader::default())
}

/// The right itself, given back when it is dropped.
pub(crate) struct Reading {
    process: u32,
}

impl Reading {
    /// Takes the right, or returns `None` when another drain does not let go of it.
    pub(crate) fn begin() -> Option<Self> {
        let Reader { is_there, gone } = reader();
        let is_there = is_there.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = gone.wait_timeout_while(is_there, WAIT_MAX, |is_there| *is_there);
        let (mut is_there, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return None;
        }
        *is_there = true;
        Some(Self { process: std::process::id() })
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        if self.process == std::process::id() {
            let Reader { is_there, gone } = reader();
            *is_there.lock().unwrap_or_else(PoisonError::into_inner) = false;
            gone.notify_all();
        }
    }
}
