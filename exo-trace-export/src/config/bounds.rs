//! How much memory tracing may take: every buffer's bound, its range and its default.

use super::choices::{Choices, Source};
use super::error::Refusal;
use super::ranges::WholeNumber;
use super::{Limits, TraceConfig};
use exo_trace_std::{ATTRIBUTE_VALUE_BYTES_MAX, RING_WORDS, Sampler, Settings, THREADS_MAX};
use std::ops::RangeInclusive;
use std::time::Duration;

const WORD_BYTES: usize = 8;
const RING_BYTES_MIN: usize = 4 << 10;
const RING_BYTES_MAX: usize = 1 << 30;
const THREADS_RANGE: RangeInclusive<usize> = 1..=65_536;
const COUNT: usize = 128;
const COUNT_RANGE: RangeInclusive<usize> = 0..=65_536;
const MEMORY_SPANS: usize = 10_000;
const MEMORY_SPANS_RANGE: RangeInclusive<usize> = 1..=u32::MAX as usize;
/// The specification's limits for spans stand before those for everything that has attributes.
const VALUE_LENGTH_LIMITS: [&str; 2] =
    ["OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"];
const ATTRIBUTE_COUNT_LIMITS: [&str; 2] =
    ["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT"];
const ORPHAN_TREE_AFTER: Duration = Duration::from_secs(10);

const _: () = assert!((RING_WORDS * WORD_BYTES).is_power_of_two());

/// What code says about bounds; `None` is unsaid.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Bounds {
    pub(super) ring_bytes: Option<usize>,
    pub(super) threads_max: Option<usize>,
    pub(super) attribute_value_bytes_max: Option<usize>,
    pub(super) attribute_count_max: Option<usize>,
    pub(super) event_count_max: Option<usize>,
    pub(super) link_count_max: Option<usize>,
    pub(super) memory_spans_max: Option<usize>,
    pub(super) orphan_tree_after: Option<Duration>,
}

impl TraceConfig {
    /// Decides what the call sites are told.
    pub(super) fn choose_settings(&self, sampler: Sampler, choices: &mut Choices<'_>) -> Settings {
        let ring_bytes = self.choose_ring_bytes(choices);
        let threads_max = WholeNumber {
            field: "threads_max",
            given: self.bounds.threads_max,
            variables: &[],
            range: THREADS_RANGE,
            default: THREADS_MAX,
        };
        // A record takes an eighth of its ring at most, and a failure holds two texts and more.
        let value_bytes_end = ring_bytes / 32;
        let attribute_value_bytes_max = WholeNumber {
            field: "attribute_value_bytes_max",
            given: self.bounds.attribute_value_bytes_max,
            variables: &VALUE_LENGTH_LIMITS,
            range: 0..=value_bytes_end,
            default: ATTRIBUTE_VALUE_BYTES_MAX.min(value_bytes_end),
        };
        Settings {
            sampler,
            threads_max: threads_max.choose(choices),
            attribute_value_bytes_max: attribute_value_bytes_max.choose(choices),
            ring_words: ring_bytes / WORD_BYTES,
            captures_contents: self.choose_capture(choices),
            content_queue_bytes_max: self.choose_content_queue(choices),
        }
    }

    fn choose_ring_bytes(&self, choices: &mut Choices<'_>) -> usize {
        let given = self.bounds.ring_bytes.map(|bytes| {
            let is_sound =
                bytes.is_power_of_two() && (RING_BYTES_MIN..=RING_BYTES_MAX).contains(&bytes);
            let expected = || format!("a power of two from {RING_BYTES_MIN} to {RING_BYTES_MAX}");
            if is_sound { Ok(bytes) } else { Err(Refusal::of(bytes, expected())) }
        });
        let taken = given.and_then(|given| choices.take_code("ring_bytes", given));
        let source = if taken.is_some() { Source::Code } else { Source::Default };
        let bytes = taken.unwrap_or(RING_WORDS * WORD_BYTES);
        choices.show("ring_bytes", bytes, source);
        bytes
    }

    /// Decides how many attributes, events and links a span keeps.
    pub(super) fn choose_limits(&self, choices: &mut Choices<'_>) -> Limits {
        let mut count = |field, given, variables: &'static [&'static str]| {
            WholeNumber { field, given, variables, range: COUNT_RANGE, default: COUNT }
                .choose(choices)
        };
        let Bounds { attribute_count_max, event_count_max, link_count_max, .. } = self.bounds;
        Limits {
            attribute_count_max: count(
                "attribute_count_max",
                attribute_count_max,
                &ATTRIBUTE_COUNT_LIMITS,
            ),
            event_count_max: count(
                "event_count_max",
                event_count_max,
                &["OTEL_SPAN_EVENT_COUNT_LIMIT"],
            ),
            link_count_max: count(
                "link_count_max",
                link_count_max,
                &["OTEL_SPAN_LINK_COUNT_LIMIT"],
            ),
        }
    }

    pub(super) fn choose_memory_spans_max(&self, choices: &mut Choices<'_>) -> usize {
        let bound = WholeNumber {
            field: "memory_spans_max",
            given: self.bounds.memory_spans_max,
            variables: &[],
            range: MEMORY_SPANS_RANGE,
            default: MEMORY_SPANS,
        };
        bound.choose(choices)
    }

    pub(super) fn choose_orphan_tree_after(&self, choices: &mut Choices<'_>) -> Duration {
        let given = self.bounds.orphan_tree_after;
        let source = if given.is_some() { Source::Code } else { Source::Default };
        let after = given.unwrap_or(ORPHAN_TREE_AFTER);
        choices.show("orphan_tree_after", format_args!("{after:?}"), source);
        after
    }
}
