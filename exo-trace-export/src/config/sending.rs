//! How spans are gathered for a collector, how long they wait, and where they go while it is away.

use super::choices::{Choices, Source};
use super::error::Refusal;
use super::ranges::{Milliseconds, SpanOfTime, WholeNumber};
use super::reported::{METRICS_EVERY, Reported};
use super::{SpoolPlace, TraceBackend, TraceConfig};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

const BATCH_SPANS: usize = 8_192;
const QUEUE_SPANS: usize = 1 << 20;
/// What the specification asks to be understood; bytes bound both before spans do.
const SPANS_RANGE: RangeInclusive<usize> = 1..=i32::MAX as usize;
const BATCH_DELAY: Duration = Duration::from_secs(1);
const BATCH_DELAY_RANGE: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(60 * 60);
const GIVE_UP_AFTER: Duration = Duration::from_secs(300);
const GIVE_UP_AFTER_RANGE: RangeInclusive<Duration> =
    Duration::from_millis(1)..=Duration::from_secs(24 * 60 * 60);

/// How spans are gathered for a collector, and what happens when it does not take them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sending {
    /// How many spans one request holds at most; it is cut by bytes as well.
    pub(crate) batch_spans_max: usize,
    /// How long a span waits for others before it is sent; zero for not at all.
    pub(crate) batch_delay: Duration,
    /// How many spans may wait, `batch_spans_max` at least; they are bounded in bytes as well.
    pub(crate) queue_spans_max: usize,
    /// How long the same spans are tried again and again before they are given up.
    pub(crate) give_up_after: Duration,
    /// Where spans wait while the collector is away; without it they wait in the queue.
    pub(crate) spool: Option<SpoolPlace>,
    /// What is sent as metrics.
    pub(crate) metrics: Reported,
    /// How often.
    pub(crate) metrics_every: Duration,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            batch_spans_max: BATCH_SPANS,
            batch_delay: BATCH_DELAY,
            queue_spans_max: QUEUE_SPANS,
            give_up_after: GIVE_UP_AFTER,
            spool: None,
            metrics: Reported::Work,
            metrics_every: METRICS_EVERY,
        }
    }
}

/// What code says about sending; `None` is unsaid.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SaidOfSending {
    pub(super) batch_spans_max: Option<usize>,
    pub(super) batch_delay: Option<Duration>,
    pub(super) queue_spans_max: Option<usize>,
    pub(super) give_up_after: Option<Duration>,
    pub(super) spool: Option<PathBuf>,
    pub(super) spool_bytes_max: Option<u64>,
    pub(super) metrics: Option<bool>,
    pub(super) metrics_every: Option<Duration>,
}

impl TraceConfig {
    /// Decides how spans are gathered, how long they wait, and where.
    pub(super) fn choose_sending(
        &self,
        backends: &[TraceBackend],
        choices: &mut Choices<'_>,
    ) -> Sending {
        let said = &self.sending;
        let (batch_spans_max, queue_spans_max) = self.choose_spans(choices);
        let batch_delay = SpanOfTime {
            field: "batch_delay",
            given: said.batch_delay,
            variables: &["OTEL_BSP_SCHEDULE_DELAY"],
            milliseconds: Milliseconds::Duration,
            range: BATCH_DELAY_RANGE,
            default: BATCH_DELAY,
        };
        let give_up_after = SpanOfTime {
            field: "give_up_after",
            given: said.give_up_after,
            variables: &["OTEL_BSP_EXPORT_TIMEOUT"],
            milliseconds: Milliseconds::Timeout,
            range: GIVE_UP_AFTER_RANGE,
            default: GIVE_UP_AFTER,
        };
        Sending {
            batch_spans_max,
            batch_delay: batch_delay.choose(choices),
            queue_spans_max,
            give_up_after: give_up_after.choose(choices),
            spool: self.choose_spool(choices),
            metrics: self.choose_metrics(backends, choices),
            metrics_every: self.choose_metrics_every(choices),
        }
    }

    /// Decides how many spans a request and the queue hold. A request that is said to hold more than
    /// the queue is a bad value, in code or the environment; the default gives way by itself.
    fn choose_spans(&self, choices: &mut Choices<'_>) -> (usize, usize) {
        let spans = |field, given, variables, default| WholeNumber {
            field,
            given,
            variables,
            range: SPANS_RANGE,
            default,
        };
        let batch = spans(
            "batch_spans_max",
            self.sending.batch_spans_max,
            &["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"],
            BATCH_SPANS,
        );
        let queue = spans(
            "queue_spans_max",
            self.sending.queue_spans_max,
            &["OTEL_BSP_MAX_QUEUE_SIZE"],
            QUEUE_SPANS,
        );
        let batch = batch.take(choices);
        let queue = queue.take(choices);
        let queue = kept_queue(queue, batch, choices);
        let (queue, queue_source) = queue.unwrap_or((QUEUE_SPANS, Source::Default));
        let (batch, batch_source) =
            kept_batch(batch, queue, choices).unwrap_or((BATCH_SPANS.min(queue), Source::Default));
        choices.show("batch_spans_max", batch, batch_source);
        choices.show("queue_spans_max", queue, queue_source);
        (batch, queue)
    }
}

/// Drops a queue of the environment's that is smaller than the request code asks for.
fn kept_queue(
    queue: Option<(usize, Source)>,
    batch: Option<(usize, Source)>,
    choices: &mut Choices<'_>,
) -> Option<(usize, Source)> {
    match (queue, batch) {
        (Some((queue, Source::Environment(variable))), Some((batch, Source::Code)))
            if queue < batch =>
        {
            let expected = format!("batch_spans_max, which is {batch}, or more");
            choices.note(variable, Refusal::of_text(&queue.to_string(), expected));
            None
        }
        _ => queue,
    }
}

/// Refuses a request that holds more than the queue.
fn kept_batch(
    batch: Option<(usize, Source)>,
    queue: usize,
    choices: &mut Choices<'_>,
) -> Option<(usize, Source)> {
    let (spans, source) = batch?;
    if spans <= queue {
        return batch;
    }
    let expected = format!("queue_spans_max, which is {queue}, or less");
    match source {
        Source::Environment(variable) => {
            choices.note(variable, Refusal::of_text(&spans.to_string(), expected));
            None
        }
        _ => choices.take_code("batch_spans_max", Err(Refusal::of(spans, expected))),
    }
}
