//! Where metrics go: where spans go, unless a variable for metrics alone says otherwise.
//!
//! The specification lets each `OTEL_EXPORTER_OTLP_METRICS_…` stand before the variable for all
//! signals. What is not said of metrics is as it is for spans: a collector that was named for traces
//! alone most often takes both. Code stands before all of them. So the way to the collector is chosen
//! once more, by the same rules, in an environment where what is said of metrics is said of traces.

use super::choices::{Choices, Source};
use super::surroundings::Surroundings;
use super::{Collector, TraceConfig};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
const OF_METRICS: &str = "OTEL_EXPORTER_OTLP_METRICS_";
const OF_TRACES: &str = "OTEL_EXPORTER_OTLP_TRACES_";

/// Where metrics go.
#[derive(Clone, PartialEq)]
pub(crate) struct MetricsPlace {
    pub(crate) collector: Collector,
    /// Over HTTP, whether the URL is that of metrics already; else it is that of traces.
    pub(crate) is_of_metrics: bool,
}

impl TraceConfig {
    /// Decides where metrics are sent, when it is decided where spans are.
    pub(super) fn choose_metrics_place(&self, choices: &mut Choices<'_>) -> MetricsPlace {
        let Surroundings { environment, features, detected } = choices.surroundings;
        let said = |asked: &str| {
            let of_metrics =
                asked.strip_prefix(OF_TRACES).map(|rest| format!("{OF_METRICS}{rest}"));
            let value = of_metrics.and_then(|variable| environment(&variable));
            value.filter(|value| !value.trim().is_empty())
        };
        let as_of_traces = |asked: &str| said(asked).or_else(|| environment(asked));
        let surroundings = Surroundings {
            environment: &as_of_traces,
            features: *features,
            detected: detected.clone(),
        };
        let mut again = Choices::new(&surroundings);
        let (collector, _) = self.choose_collector(&mut again);
        // What is wrong with the other variables was noted the first time.
        let of_metrics = again.notes.iter().filter_map(|note| {
            let (variable, rest) = note.split_once(' ')?;
            said(variable)?;
            Some(format!("{OF_METRICS}{} {rest}", variable.strip_prefix(OF_TRACES)?))
        });
        let of_metrics: Vec<_> = of_metrics.collect();
        let is_sound = !of_metrics.iter().any(|note| note.starts_with(ENDPOINT));
        let is_said = environment(ENDPOINT).is_some_and(|value| !value.trim().is_empty());
        let is_of_metrics = self.endpoint.is_none() && is_said && is_sound;
        choices.notes.extend(of_metrics);
        if is_of_metrics {
            let source = Source::Environment(ENDPOINT);
            choices.show("metrics_endpoint", collector.shown_endpoint(), source);
        }
        MetricsPlace { collector, is_of_metrics }
    }
}
