//! Where the spans of a run go: to the console, unless the environment names another place.
//!
//! What code says wins over the environment, so code says nothing where the environment does. A
//! collector's endpoint alone gets the spans beside the console.

use exo_trace::{TraceBackend, TraceConfig};

const EXPORTER: &str = "OTEL_TRACES_EXPORTER";
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// Decides by `variable`, which looks up an environment variable.
pub(crate) fn config(variable: impl Fn(&str) -> Option<String>) -> TraceConfig {
    let is_set = |name| variable(name).is_some_and(|value| !value.trim().is_empty());
    let config = TraceConfig::new("research-agent");
    if is_set(EXPORTER) {
        return config;
    }
    let config = config.backend(TraceBackend::Console);
    match ENDPOINTS.into_iter().any(is_set) {
        true => config.also(TraceBackend::Otlp),
        false => config,
    }
}

#[cfg(test)]
mod tests {
    use super::config;
    use exo_trace::{TraceBackend, TraceConfig};

    fn with(name: &'static str, value: &'static str) -> TraceConfig {
        config(move |asked| (asked == name).then(|| value.to_owned()))
    }

    #[test]
    fn the_console_is_chosen_where_nobody_says_otherwise() {
        let console = TraceConfig::new("research-agent").backend(TraceBackend::Console);
        assert_eq!(with("OTEL_TRACES_EXPORTER", " "), console);
        let both = console.also(TraceBackend::Otlp);
        assert_eq!(with("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317"), both);
    }

    #[test]
    fn an_exporter_in_the_environment_is_left_to_the_library() {
        for exporter in ["none", "memory", "otlp,console"] {
            assert_eq!(with("OTEL_TRACES_EXPORTER", exporter), TraceConfig::new("research-agent"));
        }
    }
}
