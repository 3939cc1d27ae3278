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
            rejection_noted: None,
            has_warned: false,
        }
    }

    /// Tells whether it has ever taken spans.
    pub(super) fn has_accepted(&self) -> bool {
        self.has_accepted
    }

    /// It took a request, all of it but `rejected` spans.
    pub(super) fn accepted(&mut self, rejected: u64, message: &str) {
        self.has_accepted = true;
        self.failures = 0;
        if self.is_noted {
            note(format_args!("{} takes spans again", self.shown));
            self.is_noted = false;
        }
        let is_due = self.rejection_noted.is_none_or(|last| last.elapsed() > REJECTIONS_EVERY);
        if rejected > 0 && is_due {
            self.rejection_noted = Some(Instant::now());
            let reason = or_no_reason(message);
            note(format_args!("{} rejected {rejected} spans: {reason}", self.shown));
        } else if rejected == 0 && !message.is_empty() && !self.has_warned {
            self.has_warned = true;
            note(format_args!("{} took spans and says: {message}", self.shown));
        }
    }

    /// It would not take the spans now, or was not reached.
    pub(super) fn away(&mut self, reason: &str, wait: &str) {
        self.failures += 1;
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
