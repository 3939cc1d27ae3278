//! Which backends and exporters get the spans.
//!
//! Whoever leaves feature `otlp` out knows it: the console is then the default, without a note. A
//! backend that was asked for by name and was not compiled in is a bad value.

use super::choices::{Choices, Source};
use super::error::Refusal;
use super::{TraceBackend, TraceConfig};
use std::fmt;

const EXPORTERS: &str = "OTEL_TRACES_EXPORTER";

impl TraceConfig {
    /// Decides the backends: the main one, then those of `also`, each once.
    pub(super) fn choose_backends(&self, choices: &mut Choices<'_>) -> Vec<TraceBackend> {
        let has_otlp = choices.surroundings.features.otlp;
        let taken = match self.backend {
            Some(backend) => {
                let checked = choices.take_code("backend", compiled_in(backend, backend, has_otlp));
                checked.map(|backend| (vec![backend], Source::Code))
            }
            None => backends_in_environment(has_otlp, choices),
        };
        let (main, source) =
            taken.unwrap_or_else(|| (self.default_backends(has_otlp), Source::Default));
        choices.show("backend", listed(&main), source);
        let mut backends = Vec::new();
        for backend in main {
            put(&mut backends, backend);
        }
        for &backend in &self.also {
            if let Some(backend) =
                choices.take_code("also", compiled_in(backend, backend, has_otlp))
            {
                put(&mut backends, backend);
            }
        }
        let also_source = if self.also.is_empty() { Source::Default } else { Source::Code };
        choices.show("also", listed(&self.also), also_source);
        let exporters_source =
            if self.exporters.is_empty() { Source::Default } else { Source::Code };
        choices.show("exporters", self.exporters.len(), exporters_source);
        backends
    }

    /// An exporter of the program's own takes the place of the default backend.
    fn default_backends(&self, has_otlp: bool) -> Vec<TraceBackend> {
        match (self.exporters.is_empty(), has_otlp) {
            (false, _) => Vec::new(),
            (true, true) => vec![TraceBackend::default()],
            (true, false) => vec![TraceBackend::Console],
        }
    }
}

fn put(backends: &mut Vec<TraceBackend>, backend: TraceBackend) {
    if !backends.contains(&backend) {
        backends.push(backend);
    }
}

/// Refuses, by the name it was `said` with, a backend that was not compiled in.
fn compiled_in(
    backend: TraceBackend,
    said: impl fmt::Display,
    has_otlp: bool,
) -> Result<TraceBackend, Refusal> {
    match backend {
        TraceBackend::Otlp if !has_otlp => {
            Err(Refusal::of(said, "feature `otlp`, memory or console"))
        }
        known => Ok(known),
    }
}

/// Reads the environment's list; names it does not know are noted, and the others are followed.
fn backends_in_environment(
    has_otlp: bool,
    choices: &mut Choices<'_>,
) -> Option<(Vec<TraceBackend>, Source)> {
    let (names, source) = choices.take_variable(EXPORTERS, |text| Ok(text.to_owned()))?;
    if names.eq_ignore_ascii_case("none") {
        return Some((Vec::new(), source));
    }
    let mut backends = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let read = TraceBackend::read(name).map_err(|_| refused(name));
        match read.and_then(|backend| compiled_in(backend, format_args!("{name:?}"), has_otlp)) {
            Ok(backend) => put(&mut backends, backend),
            Err(refusal) => choices.note(EXPORTERS, refusal),
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
