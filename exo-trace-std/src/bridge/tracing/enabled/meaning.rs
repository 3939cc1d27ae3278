//! Which fields of `tracing` say something of the span or event itself, instead of being attributes.
//!
//! The names are those that `tracing-opentelemetry` has made usual.

use exo_trace_core::SpanKind;

/// What a field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A circumstance: it becomes an attribute.
    Attribute,
    /// The span's name.
    Name,
    /// The span's kind.
    Kind,
    /// The span's status.
    StatusCode,
    /// Why the status is an error.
    StatusMessage,
    /// The event's name.
    Message,
    /// The error that an event without a message reports.
    Error,
}

impl Meaning {
    /// Returns what a field of a span says.
    pub(super) fn in_span(field: &str) -> Self {
        match field {
            "otel.name" => Self::Name,
            "otel.kind" => Self::Kind,
            "otel.status_code" => Self::StatusCode,
            "otel.status_message" | "otel.status_description" => Self::StatusMessage,
            _ => Self::Attribute,
        }
    }

    /// Returns what a field of an event says.
    pub(super) fn in_event(field: &str) -> Self {
        match field {
            "message" => Self::Message,
            "error" => Self::Error,
            _ => Self::Attribute,
        }
    }
}

/// Returns the kind of this name, in any case.
pub(super) fn kind_named(name: &str) -> Option<SpanKind> {
    let kinds = [
        SpanKind::Internal,
        SpanKind::Server,
        SpanKind::Client,
        SpanKind::Producer,
        SpanKind::Consumer,
    ];
    kinds.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(name))
}
