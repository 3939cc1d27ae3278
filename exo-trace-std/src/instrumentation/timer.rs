//! A timer that starts and stops: the page's `Timer`.

use std::cell::Cell;
use std::time::Duration;
use web_time::Instant;

/// A monotonic timer.
///
/// ```
/// use exo_trace_std::instrumentation::Timer;
///
/// let timer = Timer::new();
/// assert_eq!(timer.stop(), 0.0, "it was not started");
/// timer.start();
/// let elapsed = timer.stop();
/// println!("{} ms", elapsed * 1000.0);
/// # assert!(elapsed >= 0.0);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Timer {
    started: Cell<Option<Instant>>,
    stopped: Cell<Option<Instant>>,
}

impl Timer {
    /// Returns a timer that was not started.
    pub const fn new() -> Self {
        Self { started: Cell::new(None), stopped: Cell::new(None) }
    }

    /// Starts it now; once more starts it anew.
    pub fn start(&self) {
        self.started.set(Some(Instant::now()));
        self.stopped.set(None);
    }

    /// Stops it and returns the seconds since its start; 0.0 when it was not started. It may be
    /// stopped again, later.
    pub fn stop(&self) -> f64 {
        self.stopped.set(Some(Instant::now()));
        self.elapsed().as_secs_f64()
    }

    /// Returns the time from its start to its stop, or to now while it runs.
    pub fn elapsed(&self) -> Duration {
        let Some(started) = self.started.get() else { return Duration::ZERO };
        let end = self.stopped.get().unwrap_or_else(Instant::now);
        end.saturating_duration_since(started)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_that_was_stopped_stands_still() {
        let timer = Timer::new();
        timer.start();
        let seconds = timer.stop();
        assert_eq!(timer.elapsed().as_secs_f64(), seconds);
        assert!(timer.stop() >= seconds, "stopped again, it is later");
    }

    #[test]
    fn a_timer_may_be_sent() {
        fn sent<T: Send>(_: &T) {}
        let timer = Timer::new();
        let timed = async move {
            timer.start();
            std::future::ready(()).await;
            timer.stop()
        };
        sent(&timed);
    }
}
