//! Threads that are measured side by side, each on a processor of its own.
//!
//! Left to the system, two threads that wake together may share a processor for a moment, which is
//! longer than a burst.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Keeps the calling thread on one of the processors that it may use: that at `place`, counted round.
///
/// Where the system refuses, it stays where it is.
pub fn stay_on(place: usize) {
    let Ok(allowed) = sched_getaffinity(None) else { return };
    let mut processors = (0..CpuSet::MAX_CPU).filter(|number| allowed.is_set(*number));
    let count = (allowed.count() as usize).max(1);
    if let Some(number) = processors.nth(place % count) {
        let mut own = CpuSet::new();
        own.set(number);
        // Refused: the figures are worse, not wrong.
        let _ = sched_setaffinity(None, &own);
    }
}
