//! The host's clock: the processor's own counter.
//!
//! Building `quanta`'s clock spins for a moment, so [`HostClock::start`] is called by `init`, never
//! by a call site; before that every tick is zero, and nothing is recorded before `init` anyway.

use crate::sync::{Relaxed, StaticAtomicU64};
use exo_trace_core::Clock;
use quanta::Clock as Counter;
use std::sync::OnceLock;
use std::time::Duration;

/// A run of ticks long enough to divide by what it takes.
const CALIBRATION_TICKS: u64 = 1 << 40;

static COUNTER: OnceLock<Counter> = OnceLock::new();
/// The last tick that was published; zero where nobody sees to that.
static COARSE: StaticAtomicU64 = StaticAtomicU64::new(0);

/// The processor's counter, the same for all threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostClock;

impl HostClock {
    /// Calibrates the counter, once a process: some milliseconds.
    pub fn start() {
        COUNTER.get_or_init(Counter::new);
    }

    /// Lets spans with a coarse clock begin and end at `ticks` from here on, until the next call; with `None`
    /// they read the clock as others do. Whoever publishes a tick publishes the next one soon.
    pub fn publish(ticks: Option<u64>) {
        // Relaxed: a number, and nothing else is ordered by it.
        COARSE.store(ticks.unwrap_or_default(), Relaxed);
    }

    /// Returns the tick that was published last, if somebody sees to that.
    #[cfg(feature = "enabled")]
    #[inline(always)]
    pub(crate) fn published() -> u64 {
        COARSE.load(Relaxed)
    }

    /// Returns how much time lies between two ticks; zero when they are in the wrong order.
    pub fn between(start_ticks: u64, end_ticks: u64) -> Duration {
        COUNTER.get().map_or(Duration::ZERO, |counter| counter.delta(start_ticks, end_ticks))
    }

    /// Returns how many ticks a time takes; zero before [`HostClock::start`].
    pub fn ticks_of(time: Duration) -> u64 {
        let nanos_of_all = Self::between(0, CALIBRATION_TICKS).as_nanos().max(1);
        let ticks = time.as_nanos() * u128::from(CALIBRATION_TICKS) / nanos_of_all;
        u64::try_from(ticks).unwrap_or(u64::MAX)
    }
}

/// Returns the process's counter, if it was started.
#[cfg(feature = "enabled")]
pub(crate) fn of_process() -> Option<Counter> {
    COUNTER.get().cloned()
}

impl Clock for HostClock {
    #[inline(always)]
    fn ticks(&self) -> u64 {
        COUNTER.get().map_or(0, Counter::raw)
    }
}
