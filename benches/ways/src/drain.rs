//! From the rings to a destination that drops everything: the drain, turned by hand on this thread.
//!
//! Spans are recorded before, which is not timed. What is timed is the processor's time, of this
//! thread and of the destination's: what one core could do in a second.

use crate::bursts::nowhere;
use exo_trace::TraceConfig;
use exo_trace_export::__drain::DrainByHand;
use exo_trace_std::Counter;
use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, Instant};

/// A ring of which a burst takes less than half.
const RING_BYTES: usize = 2 << 20;
/// Spans in a burst: what the drain puts into one batch.
pub const BURST: u64 = 8_192;
const _: () = assert!(BURST as usize * 16 * 8 <= RING_BYTES / 2);

/// The drain, and recording for it.
pub struct Drain {
    by_hand: DrainByHand,
}

/// What came of emptying the rings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drained {
    /// How many spans came out of the rings.
    pub spans: u64,
    /// The processor's time for it.
    pub cpu: Duration,
    /// How long it took.
    pub took: Duration,
    /// How many records were refused or could not be recorded; with one, the figure is void.
    pub lost: u64,
}

impl Drained {
    /// Returns how many spans one core drains and assembles in a second.
    pub fn per_second(&self) -> f64 {
        self.spans as f64 / self.cpu.as_secs_f64()
    }
}

impl Drain {
    /// Starts recording.
    ///
    /// # Panics
    ///
    /// Panics when recording runs already: a bench starts it once.
    pub fn start() -> Self {
        let config = nowhere(TraceConfig::new("bench").ring_bytes(RING_BYTES));
        let by_hand = DrainByHand::start(config).unwrap_or_else(|error| panic!("{error}"));
        Self { by_hand }
    }

    /// Does `way` so many times in bursts, and drains each of them; what is timed is that.
    ///
    /// A way writes 16 words at most and ends one span.
    pub fn drained(&mut self, times: u64, mut way: impl FnMut(usize)) -> Drained {
        let (spans, lost) = (self.by_hand.spans(), lost());
        let (mut cpu, mut took) = (Duration::ZERO, Duration::ZERO);
        let mut left = times;
        while left > 0 {
            let burst = left.min(BURST);
            (0..burst as usize).for_each(&mut way);
            left -= burst;
            let (start, cpu_before) = (Instant::now(), cpu_time());
            self.by_hand.turn();
            cpu += cpu_time() - cpu_before;
            took += start.elapsed();
        }
        Drained { spans: self.by_hand.spans() - spans, cpu, took, lost: self::lost() - lost }
    }
}

/// What call sites lost since the process began.
fn lost() -> u64 {
    let reasons = [Counter::SpansRefused, Counter::FactsRefused, Counter::NoLane];
    reasons.iter().map(|counter| counter.value()).sum()
}

/// The processor's time of all threads.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
