//! All counters at one moment.

use crate::losses::Losses;
use std::time::Duration;

/// All counters at one moment, each since `init`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    /// Spans that came out of the rings whole and were handed to the destinations.
    pub(crate) spans: u64,
    pub(crate) losses: Losses,
    /// How long the drain was busy.
    pub(crate) drain_busy: Duration,
    pub(crate) destinations: Vec<DestinationSnapshot>,
}

/// The counters of one destination.
#[derive(Clone, Debug, Default)]
pub(crate) struct DestinationSnapshot {
    /// `otel.component.type`: a name of the conventions where they have one, such as
    /// `otlp_grpc_span_exporter`.
    pub(crate) component: &'static str,
    /// Tells it from others of its type.
    pub(crate) number: u32,
    pub(crate) delivered: u64,
    /// Spans it did not deliver, by reason: the name of the field in [`Losses`].
    pub(crate) failed: Vec<(&'static str, u64)>,
    /// Spans that found its queue full.
    pub(crate) queue_full: u64,
    /// Spans that wait for it, those it is sending among them.
    pub(crate) queued: u64,
    /// How many may wait, where that is bounded in spans.
    pub(crate) queue_spans_max: Option<u64>,
}
