//! The words in which code says a configuration: one method a field, each returns the whole.

use super::{CodeAttributes, Protocol, ResourceValue, SharedExporter, TraceBackend, TraceConfig};
use crate::dialect::Dialects;
use crate::exporter::{Console, SpanExporter};
use std::time::Duration;

/// What is recorded, and by whom.
impl TraceConfig {
    /// Switches recording on or off; off, call sites do nothing at all.
    #[must_use]
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = Some(enabled);
        self
    }

    /// Sets the share of traces that are recorded, from 0.0 to 1.0; the root of a trace decides.
    #[must_use]
    pub fn sample_rate(mut self, sample_rate: f64) -> Self {
        self.sample_rate = Some(sample_rate);
        self
    }

    /// Sets the namespace: the word that stands for `exo` at the beginning of attribute names. An empty
    /// one counts as unsaid.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Sets the dialects: by whose names attributes are written.
    ///
    /// ```
    /// use exo_trace_export::{Dialect, TraceConfig};
    ///
    /// let for_phoenix = TraceConfig::new("my-agent-app").dialects(Dialect::OpenInference);
    /// let for_two = TraceConfig::new("my-agent-app").dialects([Dialect::Page, Dialect::GenAi141]);
    /// ```
    #[must_use]
    pub fn dialects(mut self, dialects: impl Into<Dialects>) -> Self {
        self.dialects = Some(dialects.into());
        self
    }

    /// Sets which spans say where in the source they are made.
    #[must_use]
    pub fn code_attributes(mut self, code_attributes: CodeAttributes) -> Self {
        self.code_attributes = Some(code_attributes);
        self
    }

    /// Adds an attribute of the resource: a fact about the whole program. A key given twice has its
    /// last value, and wins over the same key in `OTEL_RESOURCE_ATTRIBUTES`.
    ///
    /// ```
    /// use exo_trace_export::TraceConfig;
    ///
    /// let config = TraceConfig::new("my-agent-app")
    ///     .extra("deployment.environment.name", "staging")
    ///     .extra("worker.count", 4);
    /// ```
    #[must_use]
    pub fn extra(mut self, key: impl Into<String>, value: impl Into<ResourceValue>) -> Self {
        self.extra.push((key.into(), value.into()));
        self
    }

    /// Says whether a panic's message and place are noted on its span, by a hook that `init` puts
    /// before the one in force.
    #[must_use]
    pub fn panic_messages(mut self, panic_messages: bool) -> Self {
        self.panic_messages = Some(panic_messages);
        self
    }
}

/// Where spans go.
impl TraceConfig {
    /// Sets the main backend.
    ///
    /// ```
    /// use exo_trace_export::{TraceBackend, TraceConfig};
    ///
    /// let config = TraceConfig::new("my-agent-app").backend(TraceBackend::Console);
    /// ```
    #[must_use]
    pub fn backend(mut self, backend: TraceBackend) -> Self {
        self.backend = Some(backend);
        self
    }

    /// Adds a backend beside the main one; one named twice gets each span once.
    #[must_use]
    pub fn also(mut self, backend: TraceBackend) -> Self {
        self.also.push(backend);
        self
    }

    /// Adds an exporter of the program's own, in the place of the default backend: name a backend
    /// to have both.
    ///
    /// ```
    /// use exo_trace_export::{ExportError, SpanData, SpanExporter, TraceConfig};
    ///
    /// struct Counted(usize);
    ///
    /// impl SpanExporter for Counted {
    ///     fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
    ///         self.0 += spans.len();
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let config = TraceConfig::new("my-agent-app").exporter(Counted(0));
    /// assert_eq!(config, config.clone(), "a clone shares the exporter");
    /// ```
    #[must_use]
    pub fn exporter(mut self, exporter: impl SpanExporter + 'static) -> Self {
        self.exporters.push(SharedExporter::new(exporter));
        self
    }

    /// Sets how and where the console backend prints; it does not choose that backend.
    ///
    /// ```
    /// use exo_trace_export::{Console, TraceBackend, TraceConfig};
    ///
    /// let config = TraceConfig::new("my-agent-app")
    ///     .backend(TraceBackend::Console)
    ///     .console(Console::stderr().lines());
    /// ```
    #[must_use]
    pub fn console(mut self, console: Console) -> Self {
        self.console = Some(console);
        self
    }

    /// Sets the collector's URL, with its scheme. Over HTTP, `/v1/traces` follows it unless it has a
    /// path.
    #[must_use]
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Sets how spans travel to the collector. Take gRPC or HTTP/protobuf where attributes may be `NaN`
    /// or infinite: not every collector reads [those in JSON](Protocol::HttpJson).
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = Some(protocol);
        self
    }

    /// Adds headers to what is sent to the collector. A name given twice, in any case, has its last
    /// value, and wins over the same name in the environment. Values are never shown.
    ///
    /// ```
    /// use exo_trace_export::TraceConfig;
    ///
    /// let config = TraceConfig::new("my-agent-app").headers([("authorization", "Bearer secret")]);
    /// assert!(!format!("{config:?}").contains("secret"));
    /// ```
    #[must_use]
    pub fn headers<N: Into<String>, V: Into<String>>(
        mut self,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.headers.extend(headers.into_iter().map(|(name, value)| (name.into(), value.into())));
        self
    }
}

/// How much memory tracing may take.
impl TraceConfig {
    /// Sets the size of one thread's ring: a power of two, 4 KiB at least, 1 GiB at most.
    #[must_use]
    pub fn ring_bytes(mut self, ring_bytes: usize) -> Self {
        self.bounds.ring_bytes = Some(ring_bytes);
        self
    }

    /// Sets how many threads can have a ring at the same time; times `ring_bytes`, this is all the
    /// memory that rings take.
    #[must_use]
    pub fn threads_max(mut self, threads_max: usize) -> Self {
        self.bounds.threads_max = Some(threads_max);
        self
    }

    /// Sets how many bytes of a text value are kept, up to a thirty-second of the ring and to half a
    /// mebibyte, which is what one record can hold; the rest is cut on
    /// a character boundary.
    #[must_use]
    pub fn attribute_value_bytes_max(mut self, bytes: usize) -> Self {
        self.bounds.attribute_value_bytes_max = Some(bytes);
        self
    }

    /// Sets how many attributes a span keeps; the others are counted. What its call site announces is
    /// counted first and stays, as the program's text is its bound: the limit is on what is said later.
    #[must_use]
    pub fn attribute_count_max(mut self, count: usize) -> Self {
        self.bounds.attribute_count_max = Some(count);
        self
    }

    /// Sets how many events a span keeps; the others are counted.
    #[must_use]
    pub fn event_count_max(mut self, count: usize) -> Self {
        self.bounds.event_count_max = Some(count);
        self
    }

    /// Sets how many links a span keeps; the others are counted.
    #[must_use]
    pub fn link_count_max(mut self, count: usize) -> Self {
        self.bounds.link_count_max = Some(count);
        self
    }

    /// Sets how many spans the memory backend keeps; the others are counted.
    #[must_use]
    pub fn memory_spans_max(mut self, spans: usize) -> Self {
        self.bounds.memory_spans_max = Some(spans);
        self
    }

    /// Sets when the console prints a tree whose root does not end.
    #[must_use]
    pub fn orphan_tree_after(mut self, duration: Duration) -> Self {
        self.bounds.orphan_tree_after = Some(duration);
        self
    }
}
