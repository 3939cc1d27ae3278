//! Spans that were open when the process was forked: the parent ends them as well, and delivers them.
//!
//! Their guards were forked with the thread. What one ends in the child has the id that the parent's has,
//! so the child's drain passes it over. It is known by its times: it began before the child's first
//! `init` and ended after it. A counter that begins anew makes no other span look so.

use exo_trace_core::Record;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The tick at which a forked child began to record for itself; zero where no process was forked.
static BEGAN_AT: AtomicU64 = AtomicU64::new(0);

/// What tells them from others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inherited {
    until: u64,
}

impl Inherited {
    /// Says that this process was forked, and begins to record at `ticks`.
    pub(crate) fn ends_at(ticks: u64) {
        // Relaxed: whoever starts a drain does so afterwards, on the same thread or behind a lock.
        BEGAN_AT.store(ticks, Relaxed);
    }

    /// Returns what is known of this process.
    pub(crate) fn by_this_process() -> Self {
        Self { until: BEGAN_AT.load(Relaxed) }
    }

    /// Tells whether a record is of a span that was open when the process was forked.
    #[inline(always)]
    pub(crate) fn has(self, record: &[u64]) -> bool {
        self.until != 0 && self.is_around(record)
    }

    #[cold]
    fn is_around(self, record: &[u64]) -> bool {
        Record::span_again(record)
            .is_some_and(|span| span.start_ticks < self.until && span.end_ticks >= self.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_began_before_and_ended_after_is_the_parents() {
        let span = |start, end| [1 | 7 << 32, start, end, 1, 0, 0, 1];
        let forked = Inherited { until: 100 };
        assert!(forked.has(&span(99, 100)) && forked.has(&span(0, u64::MAX)));
        for (start, end) in [(100, 100), (100, 200), (1, 99), (200, 50)] {
            assert!(!forked.has(&span(start, end)), "{start} to {end}");
        }
        assert!(!forked.has(&[]) && !forked.has(&[7; 7]), "no span");
        assert!(!Inherited { until: 0 }.has(&span(0, 100)), "a process that was not forked");
    }
}
