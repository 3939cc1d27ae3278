//! All counters at one moment.

use crate::counts::Counts;
use crate::losses::Losses;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// All counters at one moment, each since `init`.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "read by nobody without a collector"))]
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
#[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "read by nobody without a collector"))]
pub(crate) struct DestinationSnapshot {
    /// `otel.component.type`: a name of the conventions where they have one, such as
    /// `otlp_grpc_span_exporter`.
    pub(crate) component: &'static str,
    /// Tells it, and the queue before it, from all others of this run.
    pub(crate) number: u32,
    pub(crate) delivered: u64,
    /// Spans it did not deliver, by reason: the name of the field in [`Losses`].
    pub(crate) failed: Vec<(&'static str, u64)>,
    /// Spans on disk, for later.
    pub(crate) spooled: u64,
    /// Spans that found its queue full.
    pub(crate) queue_full: u64,
    /// Spans that wait for it, those it is sending among them.
    pub(crate) queued: u64,
    /// How many may wait, where that is bounded in spans.
    pub(crate) queue_spans_max: Option<u64>,
}

impl DestinationSnapshot {
    /// Reads the counts of every destination.
    pub(crate) fn of_all(all: &[Arc<Counts>]) -> Vec<Self> {
        all.iter().map(|counts| Self::of(counts)).collect()
    }

    fn of(counts: &Counts) -> Self {
        let account = counts.account();
        let failed = vec![
            ("export_failed", account.failed),
            ("rejected", account.rejected),
            ("too_long", account.too_long),
            ("abandoned", account.abandoned),
            ("inherited", account.inherited),
        ];
        Self {
            component: counts.component,
            number: counts.number.load(Relaxed),
            delivered: account.delivered,
            failed,
            spooled: account.spooled,
            queue_full: account.refused,
            queued: account.queued,
            queue_spans_max: counts.queue_spans_max,
        }
    }
}
