//! How each of the three processes traces: to one collector, with the user and the session on every span.

use exo_trace::{Compression, Propagators, Protocol, TraceBackend, TraceConfig};

/// Who asks: a key of the baggage.
pub(crate) const USER: &str = "user_id";
/// In which session: a key of the baggage.
pub(crate) const SESSION: &str = "session_id";

/// Returns how an agent traces. A worker finds the collector in `OTEL_EXPORTER_OTLP_ENDPOINT`, where the
/// planner that started it says its own.
pub(crate) fn config(name: &str) -> TraceConfig {
    TraceConfig::new(name)
        .backend(TraceBackend::Otlp)
        .protocol(Protocol::HttpProtobuf)
        .compression(Compression::None)
        .metrics(false)
        .propagators(Propagators::default())
        .baggage_attributes([USER, SESSION])
}
