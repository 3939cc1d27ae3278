//! So many spans a second and not more, by the clock.

use std::time::{Duration, Instant};

/// Shorter waits are left to add up: a timer is no finer.
const WAIT_MIN: Duration = Duration::from_millis(1);
/// What a machine was too busy for is forgiven past this, or it would come as one burst.
const ARREARS_MAX: Duration = Duration::from_millis(50);

pub(crate) struct Pace {
    spans_per_second: u64,
    began: Instant,
    /// Since `began`.
    spans: u64,
}

impl Pace {
    pub(crate) fn new(spans_per_second: u64) -> Self {
        Self { spans_per_second, began: Instant::now(), spans: 0 }
    }

    /// Notes spans that were recorded, and returns how long to wait before the next.
    pub(crate) fn wait_after(&mut self, spans: u64) -> Option<Duration> {
        self.spans += spans;
        let due = Duration::from_nanos(self.spans * 1_000_000_000 / self.spans_per_second);
        let elapsed = self.began.elapsed();
        if elapsed > due + ARREARS_MAX {
            self.began += elapsed - due - ARREARS_MAX;
        }
        if due > Duration::from_secs(1) {
            // From here on anew, so that the product above stays small however long it lasts.
            self.began += due;
            self.spans = 0;
        }
        due.checked_sub(elapsed).filter(|wait| *wait >= WAIT_MIN)
    }
}
