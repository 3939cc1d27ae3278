//! Whether tracing reports on itself: what was delivered and lost, as metrics to the collector.
//!
//! The specification's default for metrics is `otlp`. Here they are sent on request: a program that
//! asks for traces has not asked for metrics.

use super::TraceConfig;
use super::choices::{Choices, Source};
use super::error::Refusal;
use super::ranges::{Milliseconds, SpanOfTime};
use std::ops::RangeInclusive;
use std::time::Duration;

const EXPORTER: &str = "OTEL_METRICS_EXPORTER";
const EVERY: Duration = Duration::from_secs(60);
const EVERY_RANGE: RangeInclusive<Duration> =
    Duration::from_millis(1)..=Duration::from_secs(24 * 60 * 60);

impl TraceConfig {
    /// Decides whether the losses are sent as metrics, and how often.
    pub(super) fn choose_metrics_every(&self, choices: &mut Choices<'_>) -> Option<Duration> {
        let has_otlp = choices.surroundings.features.otlp;
        let taken = match self.sending.metrics {
            Some(is_on) => {
                let checked = match is_on && !has_otlp {
                    true => Err(Refusal::of(is_on, "false, or feature `otlp`")),
                    false => Ok(is_on),
                };
                choices.take_code("metrics", checked).map(|is_on| (is_on, Source::Code))
            }
            None => metrics_in_environment(has_otlp, choices),
        };
        let (is_on, source) = taken.unwrap_or((false, Source::Default));
        choices.show("metrics", is_on, source);
        let every = SpanOfTime {
            field: "metrics_every",
            given: self.sending.metrics_every,
            variables: &["OTEL_METRIC_EXPORT_INTERVAL"],
            milliseconds: Milliseconds::Duration,
            range: EVERY_RANGE,
            default: EVERY,
        };
        let every = every.choose(choices);
        is_on.then_some(every)
    }
}

/// Reads the environment's list; names that cannot be followed are noted.
fn metrics_in_environment(has_otlp: bool, choices: &mut Choices<'_>) -> Option<(bool, Source)> {
    let (names, source) = choices.take_variable(EXPORTER, |text| Ok(text.to_owned()))?;
    let mut is_on = None;
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match name.to_ascii_lowercase().as_str() {
            "otlp" if has_otlp => is_on = Some(true),
            "otlp" => {
                choices.note(EXPORTER, Refusal::of_text(name, "none, or feature `otlp`"));
            }
            "none" => is_on = is_on.or(Some(false)),
            _ => choices.note(EXPORTER, Refusal::of_text(name, "otlp or none")),
        }
    }
    Some((is_on?, source))
}
