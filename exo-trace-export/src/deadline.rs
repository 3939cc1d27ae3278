//! Until when somebody waits: a moment, or for ever where the clock has no moment that late.

use std::time::Duration;
use web_time::Instant;

/// The end of a wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    /// `None` when it lies past the end of what the clock can say: `Duration::MAX` means for ever.
    until: Option<Instant>,
}

impl Deadline {
    /// Returns the deadline that is so far away.
    pub(crate) fn after(time: Duration) -> Self {
        Self { until: Instant::now().checked_add(time) }
    }

    /// Returns how much time is left; `None` for ever.
    pub(crate) fn left(self) -> Option<Duration> {
        Some(self.until?.saturating_duration_since(Instant::now()))
    }

    /// Tells whether it has passed; one without a moment never does.
    pub(crate) fn has_passed(self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_past_the_end_of_time_never_passes() {
        assert!(!Deadline::after(Duration::MAX).has_passed());
        assert!(!Deadline::after(Duration::from_secs(3_600)).has_passed());
        assert!(Deadline::after(Duration::ZERO).has_passed());
    }
}
