//! The words in which code says how spans reach a collector: one method a field, each returns the
//! whole.

use super::{Compression, TraceConfig};
use std::path::PathBuf;
use std::time::Duration;

/// How one request travels.
impl TraceConfig {
    /// Sets how what is sent is made shorter.
    ///
    /// ```
    /// use exo_trace_export::{Compression, TraceConfig};
    ///
    /// let config = TraceConfig::new("my-agent-app").compression(Compression::Gzip);
    /// ```
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = Some(compression);
        self
    }

    /// Sets how long one request may take: a millisecond at least, an hour at most.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the PEM file of those who may have signed the collector's certificate, in the place of
    /// the system's authorities.
    #[must_use]
    pub fn certificate(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.certificate = Some(path.into());
        self
    }

    /// Sets the PEM file of the certificate that this client shows; it needs
    /// [`TraceConfig::client_key`] beside it.
    #[must_use]
    pub fn client_certificate(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.client_certificate = Some(path.into());
        self
    }

    /// Sets the PEM file of the key to the client's certificate.
    #[must_use]
    pub fn client_key(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.client_key = Some(path.into());
        self
    }
}

/// How spans are gathered, and how long they wait.
impl TraceConfig {
    /// Sets how many spans one request holds, `queue_spans_max` at most. Requests are cut by their
    /// bytes as well.
    #[must_use]
    pub fn batch_spans_max(mut self, spans: usize) -> Self {
        self.sending.batch_spans_max = Some(spans);
        self
    }

    /// Sets how long a span waits for others before it is sent: an hour at most, zero for not at all.
    #[must_use]
    pub fn batch_delay(mut self, delay: Duration) -> Self {
        self.sending.batch_delay = Some(delay);
        self
    }

    /// Sets how many spans may wait for the collector; the others are counted.
    #[must_use]
    pub fn queue_spans_max(mut self, spans: usize) -> Self {
        self.sending.queue_spans_max = Some(spans);
        self
    }

    /// Sets how long the same spans are tried again before they are given up and counted: a
    /// millisecond at least, a day at most.
    #[must_use]
    pub fn give_up_after(mut self, duration: Duration) -> Self {
        self.sending.give_up_after = Some(duration);
        self
    }

    /// Sets a directory in which spans wait while the collector is away, for a later process too.
    /// Needs feature `spool`.
    #[must_use]
    pub fn spool(mut self, directory: impl Into<PathBuf>) -> Self {
        self.sending.spool = Some(directory.into());
        self
    }

    /// Sets how many bytes the spool may take, from 1 MiB to 1 TiB; spans that find it full are
    /// counted.
    #[must_use]
    pub fn spool_bytes_max(mut self, bytes: u64) -> Self {
        self.sending.spool_bytes_max = Some(bytes);
        self
    }
}

/// What is sent as metrics.
impl TraceConfig {
    /// Says whether metrics are sent to the collector: what agents, models and tools did, and what
    /// tracing itself delivered and lost. Unsaid, the former are sent where spans are, once there are
    /// any, and the latter are not.
    #[must_use]
    pub fn metrics(mut self, metrics: bool) -> Self {
        self.sending.metrics = Some(metrics);
        self
    }

    /// Sets how often metrics are sent: a millisecond at least, a day at most. It does not switch them
    /// on.
    #[must_use]
    pub fn metrics_every(mut self, interval: Duration) -> Self {
        self.sending.metrics_every = Some(interval);
        self
    }
}
