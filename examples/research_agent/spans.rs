//! Where the spans of a run go, to the console and to a collector that the environment names, and what
//! there is to say of it in the end.
//!
//! What code says wins over the environment, so code says nothing where the environment does. The
//! last line is the library's word: it knows where it sent the spans, and what became of them.

use exo_trace::{Delivery, Protocol, TraceBackend, TraceConfig};
use std::time::Duration;

/// What the scripted model costs, in invented prices; a model without one is named once.
const PRICES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/prices.toml");
const EXPORTER: &str = "OTEL_TRACES_EXPORTER";
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
const DELAY: &str = "OTEL_BSP_SCHEDULE_DELAY";
/// A run is sent when it is over, so that a collector's troubles do not stand in its answer.
const BATCH_DELAY: Duration = Duration::from_secs(60);

/// Where the spans of a run go.
pub(crate) struct Spans {
    pub(crate) config: TraceConfig,
    /// Neither an exporter nor a collector is named.
    is_unsaid: bool,
}

/// What is said when everything is over.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LastLine {
    /// What a collector got.
    Sent(String),
    /// The command that sends the spans of the next run to one.
    Next(&'static str),
}

impl Spans {
    /// Decides by `variable`, which looks up an environment variable.
    pub(crate) fn decide(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name| variable(name).is_some_and(|value| !value.trim().is_empty());
        let (has_exporter, has_endpoint) = (is_set(EXPORTER), ENDPOINTS.into_iter().any(is_set));
        let mut config = TraceConfig::new("research-agent").prices_file(PRICES);
        if !is_set(DELAY) {
            config = config.batch_delay(BATCH_DELAY);
        }
        if !has_exporter {
            config = config.backend(TraceBackend::Console);
        }
        if has_endpoint && !has_exporter {
            config = config.also(TraceBackend::Otlp);
        }
        Self { config, is_unsaid: !has_exporter && !has_endpoint }
    }

    /// Returns what became of this many spans; `None` where there is nothing to say.
    pub(crate) fn last_line(&self, spans: u64, delivery: &Delivery) -> Option<LastLine> {
        if self.is_unsaid {
            return Some(LastLine::Next(
                "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 cargo run --release --example research_agent",
            ));
        }
        let effective = self.config.effective();
        if spans == 0 || !effective.backends().contains(&TraceBackend::Otlp) {
            return None;
        }
        let place = format!("to {} ({})", effective.endpoint(), written(effective.protocol()));
        let delivered = delivery.delivered;
        if delivery.is_complete() {
            return Some(LastLine::Sent(format!("{spans} spans {place}, accepted")));
        }
        let reason = match &delivery.trouble {
            Some(reason) => reason.clone(),
            None if delivery.lost.is_none() => delivery.to_string(),
            None => delivery.lost.to_string(),
        };
        Some(LastLine::Sent(format!("{delivered} of {spans} spans {place}: {reason}")))
    }
}

/// Returns a protocol's name as people write it.
fn written(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Grpc => "gRPC",
        Protocol::HttpProtobuf => "HTTP/protobuf",
        Protocol::HttpJson => "HTTP/JSON",
        other => other.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::{BATCH_DELAY, LastLine, PRICES, Spans};
    use exo_trace::{Delivery, Protocol, TraceBackend, TraceConfig};

    fn with(name: &'static str, value: &'static str) -> Spans {
        Spans::decide(move |asked| (asked == name).then(|| value.to_owned()))
    }

    fn unsaid() -> TraceConfig {
        TraceConfig::new("research-agent").prices_file(PRICES).batch_delay(BATCH_DELAY)
    }

    #[test]
    fn the_console_is_chosen_where_nobody_says_otherwise() {
        let console = unsaid().backend(TraceBackend::Console);
        assert_eq!(with("OTEL_TRACES_EXPORTER", " ").config, console);
        let both = console.also(TraceBackend::Otlp);
        assert_eq!(with("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317").config, both);
    }

    #[test]
    fn what_the_environment_says_is_left_to_the_library() {
        for exporter in ["none", "memory", "otlp,console"] {
            assert_eq!(with("OTEL_TRACES_EXPORTER", exporter).config, unsaid());
        }
        let hurried = TraceConfig::new("research-agent").prices_file(PRICES);
        let hurried = hurried.backend(TraceBackend::Console);
        assert_eq!(with("OTEL_BSP_SCHEDULE_DELAY", "5").config, hurried);
    }

    #[test]
    fn the_last_line_says_what_the_collector_got_and_why_not_all() {
        let config = unsaid().backend(TraceBackend::Otlp).endpoint("http://me:secret@barn:4317");
        let spans = Spans { config: config.protocol(Protocol::Grpc), is_unsaid: false };
        let mut delivery = Delivery::default();
        let said = |delivery: &Delivery| match spans.last_line(14, delivery) {
            Some(LastLine::Sent(words)) => words,
            other => panic!("{other:?}"),
        };
        delivery.delivered = 14;
        assert_eq!(said(&delivery), "14 spans to http://****@barn:4317 (gRPC), accepted");
        (delivery.delivered, delivery.lost.rejected) = (12, 2);
        let some =
            "12 of 14 spans to http://****@barn:4317 (gRPC): 2 spans rejected by a collector";
        assert_eq!(said(&delivery), some);
        delivery.trouble = Some("no room".to_owned());
        assert!(said(&delivery).ends_with(" (gRPC): no room"));
        delivery.trouble = None;
        (delivery.lost.rejected, delivery.spooled) = (0, 2);
        assert!(
            said(&delivery).ends_with(": 12 spans delivered, 0 queued, 2 on disk, nothing lost")
        );
        assert_eq!(spans.last_line(0, &Delivery::default()), None);
    }

    #[test]
    fn who_names_no_collector_is_told_how_and_who_names_an_exporter_is_not() {
        let next = with("", "").last_line(14, &Delivery::default());
        assert!(matches!(next, Some(LastLine::Next(_))), "{next:?}");
        let memory = Spans { config: unsaid().backend(TraceBackend::Memory), is_unsaid: false };
        assert_eq!(memory.last_line(14, &Delivery::default()), None);
    }
}
