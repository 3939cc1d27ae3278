//! What the metrics are called: the conventions' names where they have one, ours where not.
//!
//! The conventions also name `otel.sdk.span.started` and `otel.sdk.span.live`, which count each span
//! at its start, the unsampled too: nothing is counted there, because that is the traced program's
//! time. What an exporter is sending is part of what is queued for it, so there is no
//! `otel.sdk.exporter.span.inflight` either.
//!
//! Source: OpenTelemetry semantic conventions 1.42, "SDK metrics", all in development.

/// The conventions that the names come from.
pub(super) const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.42.0";

/// Spans handed on to an exporter or lost before, with the reason.
pub(super) const PROCESSED: &str = "otel.sdk.processor.span.processed";
/// Spans that wait.
pub(super) const QUEUE_SIZE: &str = "otel.sdk.processor.span.queue.size";
/// How many may wait.
pub(super) const QUEUE_CAPACITY: &str = "otel.sdk.processor.span.queue.capacity";
/// Spans delivered or not, with the reason. A counter in the conventions, and a sum that may fall
/// here: spans that an exporter had taken may turn out to be lost, or go to disk.
pub(super) const EXPORTED: &str = "otel.sdk.exporter.span.exported";
/// Spans that wait on disk, for a collector that was away.
pub(super) const SPOOL_SIZE: &str = "exo.trace.spool.size";
/// What belongs to a span and was lost while the span was not, with the reason.
pub(super) const FACTS_LOST: &str = "exo.trace.fact.lost";
/// How long the drain was busy.
pub(super) const DRAIN_BUSY: &str = "exo.trace.drain.busy";

pub(super) const COMPONENT_TYPE: &str = "otel.component.type";
pub(super) const COMPONENT_NAME: &str = "otel.component.name";
pub(super) const ERROR_TYPE: &str = "error.type";

/// The component that stands between the rings and the queues.
pub(super) const DRAIN: &str = "exo_trace.drain";
/// The component in front of each destination.
pub(super) const QUEUE: &str = "exo_trace.queue";

/// Returns the `error.type` of a field of `Losses`: its name, but for the one reason for which the
/// conventions demand a word of their own.
pub(super) fn error_type(field: &'static str) -> &'static str {
    if field == "after_shutdown" { "already_shutdown" } else { field }
}
