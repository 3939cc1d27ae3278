//! What is sent as metrics: the work of agents beside their spans, the tracer's own counters on request.
//!
//! The specification's default for metrics is `otlp`. A program that sends its agents' spans to a
//! collector wants their figures there too, of unsampled runs as well; about the tracer itself it has
//! not asked.

use super::choices::{Choices, Source};
use super::error::Refusal;
use super::ranges::{Milliseconds, SpanOfTime};
use super::{TraceBackend, TraceConfig};
use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

const EXPORTER: &str = "OTEL_METRICS_EXPORTER";
pub(super) const METRICS_EVERY: Duration = Duration::from_secs(60);
const EVERY_RANGE: RangeInclusive<Duration> =
    Duration::from_millis(1)..=Duration::from_secs(24 * 60 * 60);

/// What is sent as metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reported {
    Nothing,
    /// What agents, models and tools did.
    Work,
    /// That, and what tracing itself delivered and lost.
    Everything,
}

impl From<bool> for Reported {
    fn from(is_on: bool) -> Self {
        if is_on { Self::Everything } else { Self::Nothing }
    }
}

impl fmt::Display for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "false",
            Self::Work => "agents",
            Self::Everything => "true",
        })
    }
}

impl TraceConfig {
    /// Decides what is sent as metrics.
    pub(super) fn choose_metrics(
        &self,
        backends: &[TraceBackend],
        choices: &mut Choices<'_>,
    ) -> Reported {
        let missing = match (choices.surroundings.features.otlp, self.has_threads()) {
            (false, _) => Some("feature `otlp`"),
            (true, false) => Some("threads"),
            (true, true) => None,
        };
        let taken = match self.sending.metrics {
            Some(is_on) => {
                let checked = match missing.filter(|_| is_on) {
                    Some(missing) => Err(Refusal::of(is_on, format!("false, or {missing}"))),
                    None => Ok(is_on),
                };
                choices.take_code("metrics", checked).map(|is_on| (is_on, Source::Code))
            }
            None => metrics_in_environment(missing, choices),
        };
        let has_collector = missing.is_none() && backends.contains(&TraceBackend::Otlp);
        let unsaid = if has_collector { Reported::Work } else { Reported::Nothing };
        let (reported, source) = match taken {
            Some((is_on, source)) => (is_on.into(), source),
            None => (unsaid, Source::Default),
        };
        choices.show("metrics", reported, source);
        reported
    }

    /// Decides how often metrics are sent.
    pub(super) fn choose_metrics_every(&self, choices: &mut Choices<'_>) -> Duration {
        let every = SpanOfTime {
            field: "metrics_every",
            given: self.sending.metrics_every,
            variables: &["OTEL_METRIC_EXPORT_INTERVAL"],
            milliseconds: Milliseconds::Duration,
            range: EVERY_RANGE,
            default: METRICS_EVERY,
        };
        every.choose(choices)
    }
}

/// Reads the environment's list; names that cannot be followed are noted.
fn metrics_in_environment(
    missing: Option<&str>,
    choices: &mut Choices<'_>,
) -> Option<(bool, Source)> {
    let (names, source) = choices.take_variable(EXPORTER, |text| Ok(text.to_owned()))?;
    let mut is_on = None;
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match name.to_ascii_lowercase().as_str() {
            "otlp" => match missing {
                Some(missing) => {
                    choices.note(EXPORTER, Refusal::of_text(name, format!("none, or {missing}")));
                }
                None => is_on = Some(true),
            },
            "none" => is_on = is_on.or(Some(false)),
            _ => choices.note(EXPORTER, Refusal::of_text(name, "otlp or none")),
        }
    }
    Some((is_on?, source))
}
