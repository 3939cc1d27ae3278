//! How it stands with the collector, and the one line that says so when it changes.

use crate::note::note;
use std::time::{Duration, Instant};

/// How often it is said that a collector rejects spans.
const REJECTIONS_EVERY: Duration = Duration::from_secs(60);

/// What is known of a collector.
pub(super) struct Health {
    /// Endpoint and protocol, without secrets.
    shown: String,
    /// It took spans at least once.
    has_accepted: bool,
    /// Requests in a row that it did not take.
    failures: u32,
    /// Since it last took all spans of a request, what went wrong was said.
    is_noted: bool,
    /// Why it last did not take spans, unless it has taken some since; nothing where it gave no reason.
    trouble: String,
    /// When it was last said that spans were rejected.
    rejection_noted: Option<Instant>,
    has_warned: bool,
}

impl Health {
    pub(super) fn new(shown: String) -> Self {
        Self {
            shown,
            has_accepted: false,
            failures: 0,
            is_noted: false,
            trouble: String::new(),
            rejection_noted: None,
            has_warned: false,
        }
    }

    /// Returns why it last did not take spans.
    pub(super) fn trouble(&self) -> Option<&str> {
        Some(self.trouble.as_str()).filter(|trouble| !trouble.is_empty())
    }

    /// Tells whether it has ever taken spans.
    pub(super) fn has_accepted(&self) -> bool {
        self.has_accepted
    }

    /// It took a request, all of it but `rejected` spans.
    pub(super) fn accepted(&mut self, rejected: u64, message: &str) {
        self.has_accepted = true;
        self.failures = 0;
        self.trouble.clear();
        if rejected > 0 {
            self.trouble.push_str(message);
        }
        if self.is_noted {
            note(format_args!("{} takes spans again", self.shown));
            self.is_noted = false;
        }
        let is_due = self.rejection_noted.is_none_or(|last| last.elapsed() > REJECTIONS_EVERY);
        if rejected > 0 && is_due {
            self.rejection_noted = Some(Instant::now());
            let reason = or_no_reason(message);
            note(format_args!("{} says that it rejected {rejected} spans: {reason}", self.shown));
        } else if rejected == 0 && !message.is_empty() && !self.has_warned {
            self.has_warned = true;
            note(format_args!("{} took spans and says: {message}", self.shown));
        }
    }

    /// It would not take the spans now, or was not reached.
    pub(super) fn away(&mut self, reason: &str, wait: &str) {
        self.failures += 1;
        reason.clone_into(&mut self.trouble);
        // A connection that went stale while nothing was sent fails once, and is made anew.
        if self.failures > 1 || !self.has_accepted {
            self.say(&format!(
                "takes no spans: {}; they {wait}, and what is lost is counted. To see spans here: \
                 OTEL_TRACES_EXPORTER=console, or TraceBackend::Console",
                or_no_reason(reason)
            ));
        }
    }

    /// It will not take these spans.
    pub(super) fn refused(&mut self, reason: &str) {
        reason.clone_into(&mut self.trouble);
        self.say(&format!("refused spans, which are lost: {}", or_no_reason(reason)));
    }

    fn say(&mut self, what: &str) {
        if !self.is_noted {
            note(format_args!("{} {what}", self.shown));
        }
        self.is_noted = true;
    }
}

fn or_no_reason(reason: &str) -> &str {
    if reason.is_empty() { "no reason given" } else { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health() -> Health {
        Health::new("a collector".to_owned())
    }

    #[test]
    fn a_collector_that_never_took_anything_is_told_of_at_once() {
        let mut health = health();
        health.away("refused", "wait");
        assert!(health.is_noted && !health.has_accepted());
    }

    #[test]
    fn one_failure_of_a_collector_that_took_spans_is_not_worth_a_line_and_two_are() {
        let mut health = health();
        health.accepted(0, "");
        for is_noted in [false, true, true] {
            health.away("reset", "wait");
            assert_eq!((health.is_noted, health.trouble()), (is_noted, Some("reset")));
        }
        health.accepted(0, "");
        assert!(!health.is_noted, "it is told that it takes spans again");
        assert_eq!(health.trouble(), None);
        health.away("reset", "wait");
        assert!(!health.is_noted, "failures are counted anew");
    }

    #[test]
    fn rejections_are_told_of_now_and_then_and_are_no_failure() {
        let mut health = health();
        health.accepted(3, "too many");
        let first = health.rejection_noted;
        health.accepted(3, "too many");
        assert!(first.is_some() && health.rejection_noted == first, "once in a while");
        assert!(health.has_accepted() && !health.is_noted && !health.has_warned);
        health.accepted(0, "old version");
        assert!(health.has_warned);
    }
}
