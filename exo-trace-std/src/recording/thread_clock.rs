//! The processor's counter as a thread keeps it beside its ring, so that a span need not look whether it
//! was started.

use crate::clock::{self, HostClock};
use exo_trace_core::Clock;
use quanta::Clock as Counter;
use std::cell::OnceCell;

/// A thread's counter; the process's where it has none.
pub(crate) struct ThreadClock(OnceCell<Counter>);

impl ThreadClock {
    pub(crate) const fn new() -> Self {
        Self(OnceCell::new())
    }

    /// Takes over the process's counter, if it was started.
    pub(crate) fn start(&self) {
        if let Some(counter) = clock::of_process() {
            // The thread may have had a ring, and a clock, before.
            let _ = self.0.set(counter);
        }
    }
}

impl Clock for ThreadClock {
    #[inline(always)]
    fn ticks(&self) -> u64 {
        match self.0.get() {
            Some(counter) => counter.raw(),
            None => ticks_of_process(),
        }
    }
}

#[cold]
#[inline(never)]
fn ticks_of_process() -> u64 {
    HostClock.ticks()
}
