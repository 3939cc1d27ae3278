//! Spans that began before they were made: recorded when the work is over, with its true beginning.

use super::span::Span;
use crate::clock::HostClock;
use crate::counters::Counter;
use exo_trace_core::OpenSpan;
use std::time::Duration;

impl Span {
    /// Moves its beginning back by so many milliseconds; what is no time is counted.
    pub(crate) fn begin_before(&mut self, elapsed_ms: f64) {
        if let Some(open) = self.open.as_mut().filter(|open| open.is_recording()) {
            let ticks = HostClock::ticks_of(time_of(elapsed_ms));
            open.restart(OpenSpan::start_ticks(open).saturating_sub(ticks));
        }
    }
}

/// Returns how long it took; zero for what is no time.
fn time_of(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds / 1_000.0).unwrap_or_else(|_| {
        Counter::TimesRefused.add(1);
        Duration::ZERO
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_time_is_zero() {
        assert_eq!(time_of(120.5), Duration::from_micros(120_500));
        assert_eq!(time_of(-0.0), Duration::ZERO);
        for wrong in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(time_of(wrong), Duration::ZERO, "{wrong}");
        }
    }
}
