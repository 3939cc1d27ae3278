//! What came of one request to a collector, in the words that decide what happens next.
//!
//! Source: OTLP specification 1.9, "Failures" and "Partial Success" of OTLP/gRPC and OTLP/HTTP.

use std::time::Duration;

/// What came of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The collector has the spans, all but `rejected`; `message` is what it said beside that, which
    /// may be a warning alone, and is most often empty.
    Accepted { rejected: u64, message: String },
    /// The collector asks to send the same request again, not before `after`, which the
    /// transport has bounded.
    Retry { reason: String, after: Option<Duration> },
    /// Nobody answered; the same request may be sent again.
    Unreachable { reason: String },
    /// The request is too long for this collector; halves of it may not be.
    TooLong { reason: String },
    /// The same request would fail again.
    Refused { reason: String },
}
