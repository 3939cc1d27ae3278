//! Whether tracing has threads of its own, or works only while the program calls it.

use super::TraceConfig;
use super::choices::{Choices, Source};

/// Where the platform has no threads, `init` does not ask for any.
const HAS_THREADS: bool = !cfg!(all(target_family = "wasm", not(target_feature = "atomics")));

impl TraceConfig {
    /// Starts no thread at all: spans stay in the rings until [`TraceGuard::drain_now`], `flush` or
    /// `shutdown` is called, and destinations do their work in that call.
    ///
    /// For programs whose host stops them between two requests, has one thread for everything, or has none
    /// to give; on WebAssembly without threads it is the default. A ring that is full refuses and counts
    /// spans until the next call: make [`TraceConfig::ring_bytes`] as large as what happens between two.
    /// Metrics are not sent. An exporter that starts threads of its own still does.
    ///
    /// ```
    /// use exo_trace_export::{TraceBackend, TraceConfig, init};
    /// use exo_trace_std::span_sync;
    ///
    /// let trace = init(TraceConfig::new("my-agent").backend(TraceBackend::Memory).without_threads())?;
    /// drop(span_sync!("step"));
    /// assert!(trace.drain_now().is_complete());
    /// assert_eq!(trace.memory().expect("the memory backend").named("step").len(), 1);
    /// # Ok::<(), exo_trace_export::InitError>(())
    /// ```
    ///
    /// [`TraceGuard::drain_now`]: crate::TraceGuard::drain_now
    #[must_use]
    pub fn without_threads(mut self) -> Self {
        self.has_threads = Some(false);
        self
    }

    /// Tells whether threads may be started.
    pub(super) fn has_threads(&self) -> bool {
        self.has_threads.unwrap_or(HAS_THREADS)
    }

    pub(super) fn choose_threads(&self, choices: &mut Choices<'_>) -> bool {
        let source = if self.has_threads.is_some() { Source::Code } else { Source::Default };
        choices.show("threads", if self.has_threads() { "own" } else { "none" }, source);
        self.has_threads()
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Reported;
    use crate::config::laws::{refused, resolved};
    use crate::{TraceBackend, TraceConfig};

    #[test]
    fn without_threads_nobody_sends_metrics_and_who_asks_for_them_is_told() {
        let config = TraceConfig::new("test").backend(TraceBackend::Otlp);
        assert!(resolved(&config, &[]).has_threads);
        let config = config.without_threads();
        let resolved = resolved(&config, &[("OTEL_METRICS_EXPORTER", "otlp")]);
        assert_eq!((resolved.has_threads, resolved.sending.metrics), (false, Reported::Nothing));
        assert_eq!(
            resolved.notes,
            [r#"OTEL_METRICS_EXPORTER is "otlp", expected none, or threads"#]
        );
        assert_eq!(refused(config.metrics(true)), "metrics is true, expected false, or threads");
    }
}
