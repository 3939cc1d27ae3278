//! The configuration as code says it: what is unsaid stays open until `init`.

use super::bounds::Bounds;
use super::content::SaidOfContent;
use super::endpoint::shown_or_masked;
use super::prices::SaidOfPrices;
use super::sending::SaidOfSending;
use super::{
    CodeAttributes, Compression, Propagation, Protocol, ResourceValue, SharedExporter, TlsFiles,
    TraceBackend,
};
use crate::dialect::Dialects;
use crate::exporter::Console;
use http::HeaderName;
use std::fmt;
use std::time::Duration;

/// What a program says about its tracing; each field is optional.
///
/// What is not said comes from the `OTEL_*` environment, else from a default. Nothing is checked
/// before `init`, which names the field, the value and what was expected. Two configurations are
/// equal when they say the same; exporters are equal to themselves only, and a clone shares them.
///
/// | field | default |
/// |---|---|
/// | `service_name`, `namespace` | `exo` |
/// | `dialects` | the page's and the current GenAI conventions' |
/// | `code_attributes` | of spans that stand for a function |
/// | `extra` | nothing beside what is detected: `host.*`, `os.type`, `process.*`, `service.instance.id` |
/// | `backend` | `otlp`, `console` without feature `otlp`; none when an exporter is given |
/// | `endpoint` | `http://localhost:4317`, over HTTP `http://localhost:4318/v1/traces` |
/// | `protocol` | by the endpoint's port (4317 gRPC, 4318 HTTP), else gRPC |
/// | `compression`, `timeout` | none, 10 s |
/// | `certificate`, `client_certificate`, `client_key` | the system's authorities, none, none |
/// | `batch_spans_max`, `batch_delay` | 8,192, 1 s |
/// | `queue_spans_max`, `give_up_after` | 1,048,576, 300 s |
/// | `spool`, `spool_bytes_max` | none, 256 MiB |
/// | `metrics`, `metrics_every` | what agents did, where spans go to a collector; 60 s |
/// | `sample_rate`, `enabled`, `panic_messages` | 1.0, true, true |
/// | `without_threads` | threads, but on WebAssembly without any |
/// | `propagators`, `baggage_attributes` | W3C Trace Context and W3C Baggage, none |
/// | `ring_bytes`, `threads_max` | 256 KiB, 512: 128 MiB at most |
/// | `attribute_value_bytes_max` | 4,096 |
/// | `capture_content`, `redact` | false, none |
/// | `content_bytes_max`, `content_queue_bytes_max` | 64 KiB of each content, twice 16 MiB of all that wait |
/// | `attribute_count_max`, `event_count_max`, `link_count_max` | 128 each |
/// | `prices`, `prices_file` | none |
/// | `memory_spans_max`, `orphan_tree_after` | 10,000, 10 s |
///
/// ```
/// use exo_trace_export::{TraceBackend, TraceConfig};
///
/// let config = TraceConfig::new("my-agent-app")
///     .backend(TraceBackend::Otlp)
///     .endpoint("http://localhost:4317")
///     .sample_rate(1.0)
///     .enabled(true);
/// println!("{}", config.effective());
/// ```
#[doc(alias = "ObservabilityConfig")]
#[derive(Clone, Default, PartialEq)]
pub struct TraceConfig {
    pub(super) service_name: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) dialects: Option<Dialects>,
    pub(super) code_attributes: Option<CodeAttributes>,
    pub(super) extra: Vec<(String, ResourceValue)>,
    pub(super) enabled: Option<bool>,
    pub(super) has_threads: Option<bool>,
    pub(super) sample_rate: Option<f64>,
    pub(super) backend: Option<TraceBackend>,
    pub(super) also: Vec<TraceBackend>,
    pub(super) exporters: Vec<SharedExporter>,
    pub(super) console: Option<Console>,
    pub(super) endpoint: Option<String>,
    pub(super) protocol: Option<Protocol>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) compression: Option<Compression>,
    pub(super) timeout: Option<Duration>,
    pub(super) tls: TlsFiles,
    pub(super) sending: SaidOfSending,
    pub(super) propagation: Propagation,
    pub(super) panic_messages: Option<bool>,
    pub(super) bounds: Bounds,
    pub(super) content: SaidOfContent,
    pub(super) prices: SaidOfPrices,
}

impl TraceConfig {
    /// Returns a configuration that says the service's name and nothing else; an empty name counts
    /// as unsaid.
    pub fn new(service_name: impl Into<String>) -> Self {
        Self { service_name: Some(service_name.into()), ..Self::default() }
    }
}

/// Shows what is said; values of headers, and the endpoint's user, password and query, are masked.
impl fmt::Debug for TraceConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = self.endpoint.as_deref().map(shown_or_masked);
        // Who writes `name: secret` in the place of a name has not meant to show it.
        let shown = |name: &String| match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => name.to_string(),
            Err(_) => "****".to_owned(),
        };
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| (shown(name), "****")).collect();
        f.debug_struct("TraceConfig")
            .field("service_name", &self.service_name)
            .field("namespace", &self.namespace)
            .field("dialects", &self.dialects)
            .field("code_attributes", &self.code_attributes)
            .field("extra", &self.extra)
            .field("enabled", &self.enabled)
            .field("has_threads", &self.has_threads)
            .field("sample_rate", &self.sample_rate)
            .field("backend", &self.backend)
            .field("also", &self.also)
            .field("exporters", &self.exporters)
            .field("console", &self.console)
            .field("endpoint", &endpoint)
            .field("protocol", &self.protocol)
            .field("headers", &headers)
            .field("compression", &self.compression)
            .field("timeout", &self.timeout)
            .field("tls", &self.tls)
            .field("sending", &self.sending)
            .field("propagation", &self.propagation)
            .field("panic_messages", &self.panic_messages)
            .field("bounds", &self.bounds)
            .field("content", &self.content)
            .field("prices", &self.prices)
            .finish()
    }
}
