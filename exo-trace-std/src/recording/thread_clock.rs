//! The processor's counter as a thread keeps it beside its ring, so that a span need not look whether it
//! was started.
//!
//! Coarse ticks are those that the other side of the ring publishes with each of its passes. A thread that
//! read the counter since goes on from there, so that a coarse span does not begin before its parent did there.

use crate::clock::{self, HostClock};
use exo_trace_core::Clock;
use quanta::Clock as Counter;
use std::cell::{Cell, OnceCell};

/// A thread's counter; the process's where it has none.
pub(crate) struct ThreadClock {
    counter: OnceCell<Counter>,
    last: Cell<u64>,
}

impl ThreadClock {
    pub(crate) const fn new() -> Self {
        Self { counter: OnceCell::new(), last: Cell::new(0) }
    }

    /// Takes over the process's counter, if it was started.
    pub(crate) fn start(&self) {
        if let Some(counter) = clock::of_process() {
            // The thread may have had a ring, and a clock, before.
            let _ = self.counter.set(counter);
        }
    }
}

impl Clock for ThreadClock {
    #[inline(always)]
    fn ticks(&self) -> u64 {
        let ticks = match self.counter.get() {
            Some(counter) => counter.raw(),
            None => ticks_of_process(),
        };
        self.last.set(ticks);
        ticks
    }

    #[inline(always)]
    fn coarse_ticks(&self) -> u64 {
        match HostClock::published() {
            0 => precise(self),
            published => published.max(self.last.get()),
        }
    }
}

#[cold]
#[inline(never)]
fn ticks_of_process() -> u64 {
    HostClock.ticks()
}

#[cold]
#[inline(never)]
fn precise(clock: &ThreadClock) -> u64 {
    clock.ticks()
}
