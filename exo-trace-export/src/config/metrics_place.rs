//! Where metrics go: where spans go, unless a variable for metrics alone says otherwise.
//!
//! The specification lets each `OTEL_EXPORTER_OTLP_METRICS_…` stand before the variable for all
//! signals. What neither of them says is as it is for spans, where metrics go to the same collector:
//! one that was named for traces alone most often takes both. Where they go elsewhere, what is said of
//! traces stays behind: the traces' key is no stranger's business. Code stands before all variables. So
//! the way to the collector is chosen once more, by the same rules, in an environment where what is
//! said of metrics is said of traces.

use super::choices::{Choices, Source};
use super::surroundings::Surroundings;
use super::{Collector, PemSources, TraceConfig};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
const OF_ALL: &str = "OTEL_EXPORTER_OTLP_";
const OF_METRICS: &str = "OTEL_EXPORTER_OTLP_METRICS_";
const OF_TRACES: &str = "OTEL_EXPORTER_OTLP_TRACES_";

/// The variables that name files for metrics alone.
const PEM_FILES: [&str; 3] = [
    "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY",
];

/// Where metrics go.
#[derive(Clone, PartialEq)]
pub(crate) struct MetricsPlace {
    pub(crate) collector: Collector,
    pub(crate) pem_sources: PemSources,
    /// Over HTTP, whether the URL is that of metrics already; else it is that of traces.
    pub(crate) is_of_metrics: bool,
}

impl TraceConfig {
    /// Decides where metrics are sent, when it is decided where spans are.
    pub(super) fn choose_metrics_place(&self, choices: &mut Choices<'_>) -> MetricsPlace {
        let Surroundings { environment, features, detected } = choices.surroundings;
        let stated = |signal: &str, rest: &str| {
            environment(&format!("{signal}{rest}")).filter(|value| !value.trim().is_empty())
        };
        let said = |asked: &str| stated(OF_METRICS, asked.strip_prefix(OF_TRACES)?);
        let is_said = |signal: &str| stated(signal, "ENDPOINT").is_some();
        let has_own = is_said(OF_METRICS) || (is_said(OF_ALL) && is_said(OF_TRACES));
        let goes_elsewhere = self.endpoint.is_none() && has_own;
        let as_of_traces = |asked: &str| match asked.strip_prefix(OF_TRACES) {
            None => environment(asked),
            Some(rest) => said(asked).or_else(|| {
                let is_of_traces = !goes_elsewhere && stated(OF_ALL, rest).is_none();
                is_of_traces.then(|| environment(asked)).flatten()
            }),
        };
        let surroundings = Surroundings {
            environment: &as_of_traces,
            features: *features,
            detected: detected.clone(),
        };
        let mut again = Choices::new(&surroundings);
        let (collector, pem_sources) = self.choose_collector(&mut again);
        let pem_sources = pem_sources.renamed(|variable| {
            let rest = variable.strip_prefix(OF_TRACES).filter(|_| said(variable).is_some());
            let is_it = |name: &&str| name.strip_prefix(OF_METRICS) == rest;
            PEM_FILES.into_iter().find(is_it).unwrap_or(variable)
        });
        let renamed = again.notes.iter().map(|note| {
            let of_traces = note.split_once(' ').filter(|(variable, _)| said(variable).is_some());
            let renamed = of_traces.and_then(|(variable, rest)| {
                Some(format!("{OF_METRICS}{} {rest}", variable.strip_prefix(OF_TRACES)?))
            });
            renamed.unwrap_or_else(|| note.clone())
        });
        // What is wrong with a variable that traces read as well was noted the first time.
        let of_metrics: Vec<_> = renamed.filter(|note| !choices.notes.contains(note)).collect();
        let is_sound = !of_metrics.iter().any(|note| note.starts_with(ENDPOINT));
        let is_of_metrics = self.endpoint.is_none() && is_said(OF_METRICS) && is_sound;
        choices.notes.extend(of_metrics);
        if is_of_metrics {
            let source = Source::Environment(ENDPOINT);
            choices.show("metrics_endpoint", collector.shown_endpoint(), source);
        }
        MetricsPlace { collector, pem_sources, is_of_metrics }
    }
}
