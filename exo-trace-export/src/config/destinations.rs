//! Which backends and exporters get the spans.

use super::choices::{Choices, Source};
use super::error::Refusal;
use super::{TraceBackend, TraceConfig};

const EXPORTERS: &str = "OTEL_TRACES_EXPORTER";

impl TraceConfig {
    /// Decides the backends: the main one, then those of `also`, each once.
    pub(super) fn choose_backends(&self, choices: &mut Choices<'_>) -> Vec<TraceBackend> {
        let (main, source) = match self.backend {
            Some(backend) => (vec![backend], Source::Code),
            None => backends_in_environment(choices)
                .unwrap_or_else(|| (self.default_backends(), Source::Default)),
        };
        choices.show("backend", listed(&main), source);
        let also_source = if self.also.is_empty() { Source::Default } else { Source::Code };
        choices.show("also", listed(&self.also), also_source);
        let exporters_source =
            if self.exporters.is_empty() { Source::Default } else { Source::Code };
        choices.show("exporters", self.exporters.len(), exporters_source);
        let mut backends = Vec::new();
        for backend in main.into_iter().chain(self.also.iter().copied()) {
            if !backends.contains(&backend) {
                backends.push(backend);
            }
        }
        backends
    }

    /// An exporter of the program's own takes the place of the default backend.
    fn default_backends(&self) -> Vec<TraceBackend> {
        if self.exporters.is_empty() { vec![TraceBackend::default()] } else { Vec::new() }
    }
}

/// Reads the environment's list; names it does not know are noted, and the others are followed.
fn backends_in_environment(choices: &mut Choices<'_>) -> Option<(Vec<TraceBackend>, Source)> {
    let (names, source) = choices.take_variable(EXPORTERS, |text| Ok(text.to_owned()))?;
    if names.eq_ignore_ascii_case("none") {
        return Some((Vec::new(), source));
    }
    let mut backends = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match TraceBackend::read(name) {
            Ok(backend) if backends.contains(&backend) => {}
            Ok(backend) => backends.push(backend),
            Err(_) => choices.note(EXPORTERS, refused(name)),
        }
    }
    (!backends.is_empty()).then_some((backends, source))
}

fn refused(name: &str) -> Refusal {
    Refusal::of_text(name, "otlp, memory or console, several with commas, or none alone")
}

fn listed(backends: &[TraceBackend]) -> String {
    if backends.is_empty() {
        return "none".to_owned();
    }
    backends.iter().map(|backend| backend.as_str()).collect::<Vec<_>>().join(", ")
}
