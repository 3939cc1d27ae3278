//! A look at the counter and at both clocks, and how long it took.

use exo_trace_core::Clock;
use exo_trace_std::HostClock;
use std::time::Duration;
use web_time::{Instant, SystemTime, UNIX_EPOCH};

/// What the counter said before and after a look at the clocks, and what they said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) before: u64,
    pub(super) after: u64,
    pub(super) elapsed: Duration,
    pub(super) wall: u64,
}

impl Look {
    pub(super) fn now(start: Instant) -> Self {
        let before = HostClock.ticks();
        let (elapsed, wall) = (start.elapsed(), unix_nanos(SystemTime::now()));
        Self { before, after: HostClock.ticks(), elapsed, wall }
    }

    pub(super) fn ticks_taken(&self) -> u64 {
        self.after.saturating_sub(self.before)
    }
}

pub(super) fn unix_nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
