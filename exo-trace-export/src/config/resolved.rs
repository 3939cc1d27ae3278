//! A configuration with every field decided, ready for `init`.

use super::choices::{Choices, Source};
use super::surroundings::Surroundings;
use super::{
    CodeAttributes, Collector, ConfigError, MetricsPlace, PemSources, Propagation, ResourceValue,
    Sending, SharedExporter, TraceBackend, TraceConfig,
};
use crate::content::Editor;
use crate::dialect::Dialects;
use crate::exporter::Console;
use crate::prices::Tariff;
use exo_trace_std::{Sampler, Settings};
use std::fmt;
use std::time::Duration;

/// How many of each a span keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) attribute_count_max: usize,
    pub(crate) event_count_max: usize,
    pub(crate) link_count_max: usize,
}

/// A configuration with every field decided.
#[derive(Clone, PartialEq)]
pub(crate) struct Resolved {
    pub(crate) service_name: String,
    pub(crate) enabled: bool,
    pub(crate) has_threads: bool,
    /// The main backends and those of `also`, each once; empty for `none`.
    pub(crate) backends: Vec<TraceBackend>,
    pub(crate) exporters: Vec<SharedExporter>,
    pub(crate) console: Console,
    pub(crate) sampler: Sampler,
    pub(crate) settings: Settings,
    pub(crate) limits: Limits,
    pub(crate) editor: Editor,
    pub(crate) collector: Collector,
    /// Who named the collector's PEM files.
    pub(crate) pem_sources: PemSources,
    pub(crate) sending: Sending,
    pub(crate) metrics_place: MetricsPlace,
    pub(crate) namespace: String,
    pub(crate) dialects: Dialects,
    pub(crate) code_attributes: CodeAttributes,
    /// `service.name` first; each key once.
    pub(crate) resource: Vec<(String, ResourceValue)>,
    pub(crate) memory_spans_max: usize,
    pub(crate) orphan_tree_after: Duration,
    pub(crate) propagation: Propagation,
    pub(crate) panic_messages: bool,
    /// What models cost; `None` where nothing is to be summed.
    pub(crate) prices: Option<Tariff>,
    /// Where prices come from, in a few words; empty where nothing is said of them.
    pub(crate) prices_said: String,
    /// One line for each value in the environment that is not followed.
    pub(crate) notes: Vec<String>,
}

/// Shows where spans go; no secrets.
impl fmt::Debug for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolved")
            .field("service_name", &self.service_name)
            .field("enabled", &self.enabled)
            .field("backends", &self.backends)
            .field("exporters", &self.exporters)
            .field("endpoint", &self.collector.shown_endpoint())
            .field("protocol", &self.collector.protocol)
            .finish_non_exhaustive()
    }
}

impl TraceConfig {
    /// Decides every field: code, else `environment`, else default.
    ///
    /// # Errors
    ///
    /// Returns the first value in code that is refused.
    pub(crate) fn resolve(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Resolved, ConfigError> {
        self.resolve_in(&Surroundings::here(environment))
    }

    /// As [`TraceConfig::resolve`], with any features and any machine.
    pub(super) fn resolve_in(
        &self,
        surroundings: &Surroundings<'_>,
    ) -> Result<Resolved, ConfigError> {
        self.decide(surroundings).1
    }

    /// Decides every field in the order in which `effective()` shows them; the notes stay behind.
    pub(super) fn choose(&self, choices: &mut Choices<'_>) -> Resolved {
        let (service_name, resource) = self.choose_resource(choices);
        let namespace = self.choose_namespace(choices);
        let dialects = self.choose_dialects(choices);
        let code_attributes = self.choose_code_attributes(choices);
        let enabled = self.choose_enabled(choices);
        let has_threads = self.choose_threads(choices);
        let sampler = self.choose_sampler(choices);
        let backends = self.choose_backends(choices);
        let console = self.choose_console(choices);
        let (collector, pem_sources) = self.choose_collector(choices);
        let sending = self.choose_sending(&backends, choices);
        let metrics_place = self.choose_metrics_place(choices);
        let propagation = self.choose_propagation(choices);
        let panic_messages = self.choose_panic_messages(choices);
        let settings = self.choose_settings(sampler, choices);
        let (prices, prices_said) = self.choose_prices(choices);
        Resolved {
            service_name,
            enabled,
            has_threads,
            backends,
            exporters: self.exporters.clone(),
            console,
            sampler,
            settings,
            limits: self.choose_limits(choices),
            editor: self.choose_editor(choices),
            collector,
            pem_sources,
            sending,
            metrics_place,
            namespace,
            dialects,
            code_attributes,
            resource,
            memory_spans_max: self.choose_memory_spans_max(choices),
            orphan_tree_after: self.choose_orphan_tree_after(choices),
            propagation,
            panic_messages,
            prices,
            prices_said,
            notes: Vec::new(),
        }
    }

    fn choose_console(&self, choices: &mut Choices<'_>) -> Console {
        let source = if self.console.is_some() { Source::Code } else { Source::Default };
        let console = self.console.clone().unwrap_or_default();
        choices.show("console", format_args!("{console:?}"), source);
        console
    }

    fn choose_panic_messages(&self, choices: &mut Choices<'_>) -> bool {
        let source = if self.panic_messages.is_some() { Source::Code } else { Source::Default };
        let panic_messages = self.panic_messages.unwrap_or(true);
        choices.show("panic_messages", panic_messages, source);
        panic_messages
    }
}
