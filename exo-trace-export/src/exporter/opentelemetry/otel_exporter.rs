//! Any exporter written for the OpenTelemetry SDK, as a destination like the others.
//!
//! It is built at its first batch, on its destination's thread and within a runtime, because those
//! that speak gRPC panic elsewhere. A batch that is not answered by a deadline is given up and
//! counted: the SDK leaves it to each exporter to end at all, and not every one does.

use super::reactor::Reactor;
use super::sdk_span::{sdk_resource, sdk_span};
use crate::SpanData;
use crate::exporter::{ExportError, SpanExporter};
use crate::note::note;
use crate::resource::Resource;
use futures_executor::block_on;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::SpanExporter as SdkSpanExporter;
use std::fmt::Display;
use std::time::Duration;

/// How long one export may take unless somebody says.
const DEADLINE: Duration = Duration::from_secs(30);

/// An exporter of the OpenTelemetry SDK as a [`SpanExporter`].
///
/// One that is built already and needs no runtime for that comes by `OtelExporter::from(exporter)`,
/// any other by [`OtelExporter::new`]:
///
/// ```no_run
/// use exo_trace_export::exporter::OtelExporter;
/// use exo_trace_export::{TraceConfig, init};
/// use opentelemetry_otlp::{SpanExporter, WithExportConfig};
///
/// let otlp = OtelExporter::new(|| {
///     SpanExporter::builder().with_tonic().with_endpoint("http://localhost:4317").build()
/// });
/// let _trace = init(TraceConfig::new("my-agent-app").exporter(otlp))?;
/// # Ok::<(), exo_trace_export::InitError>(())
/// ```
///
/// The first reason for which spans were lost is printed on standard error. An exporter that blocks
/// its thread instead of waiting in its future cannot be cut short: its batches wait behind it, and a
/// shutdown leaves it to itself at its own deadline.
pub struct OtelExporter<E> {
    build: Box<dyn FnMut() -> Result<E, ExportError> + Send>,
    deadline: Duration,
    running: Option<Running<E>>,
    has_complained: bool,
}

struct Running<E> {
    exporter: E,
    reactor: Reactor,
    /// What it was last told of the machine.
    resource: Resource,
}

impl<E: SdkSpanExporter + 'static> OtelExporter<E> {
    /// Returns an exporter that is built when the first spans come.
    ///
    /// Where that fails, those spans are lost and counted, and it is tried again with the next; it
    /// is built anew when recording begins again after a shutdown.
    pub fn new<X: Display>(mut build: impl FnMut() -> Result<E, X> + Send + 'static) -> Self {
        Self {
            build: Box::new(move || build().map_err(ExportError::new)),
            deadline: DEADLINE,
            running: None,
            has_complained: false,
        }
    }

    /// Sets how long one export may take, the SDK's retries included; 30 s by default.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Returns the exporter, built if it is not yet.
    fn running(&mut self, resource: &Resource) -> Result<&Running<E>, ExportError> {
        let mut running = match self.running.take() {
            Some(running) => running,
            None => self.start(resource)?,
        };
        // Spans of another machine come in batches of their own.
        if running.resource != *resource {
            let Running { exporter, reactor, resource: known } = &mut running;
            reactor.enter(|| exporter.set_resource(&sdk_resource(resource)));
            known.clone_from(resource);
        }
        Ok(self.running.insert(running))
    }

    fn start(&mut self, resource: &Resource) -> Result<Running<E>, ExportError> {
        let reactor = Reactor::start().map_err(ExportError::new)?;
        let exporter = reactor.enter(|| {
            let mut exporter = (self.build)()?;
            exporter.set_resource(&sdk_resource(resource));
            Ok(exporter)
        })?;
        Ok(Running { exporter, reactor, resource: resource.clone() })
    }

    /// Says the first reason for a loss, which is counted and otherwise forgotten.
    fn told(&mut self, result: Result<(), ExportError>) -> Result<(), ExportError> {
        if let Err(error) = &result
            && !self.has_complained
        {
            self.has_complained = true;
            note(format_args!("an OpenTelemetry exporter lost spans: {error}"));
        }
        result
    }
}

impl<E: SdkSpanExporter + 'static> From<E> for OtelExporter<E> {
    /// Takes an exporter that is built already; it is gone after the first shutdown.
    fn from(exporter: E) -> Self {
        let mut built = Some(exporter);
        Self::new(move || built.take().ok_or("it was shut down, and cannot be built anew"))
    }
}

impl<E: SdkSpanExporter + 'static> SpanExporter for OtelExporter<E> {
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        let Some(first) = spans.first() else { return Ok(()) };
        let deadline = self.deadline;
        let result =
            self.running(first.resource()).and_then(|Running { exporter, reactor, .. }| {
                let batch = spans.iter().map(sdk_span).collect();
                reactor.enter(|| {
                    block_on(async { tokio::time::timeout(deadline, exporter.export(batch)).await })
                        .map_err(|_| ExportError::new(format_args!("no answer in {deadline:?}")))
                        .and_then(in_our_words)
                })
            });
        self.told(result)
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        let Some(Running { exporter, reactor, .. }) = &self.running else { return Ok(()) };
        let result = reactor.enter(|| exporter.force_flush());
        self.told(in_our_words(result))
    }

    fn shutdown(&mut self) -> Result<(), ExportError> {
        let Some(Running { exporter, reactor, .. }) = self.running.take() else { return Ok(()) };
        let deadline = self.deadline;
        // It dies in there too: some say goodbye to their peer when they are dropped.
        let result = reactor.enter(move || exporter.shutdown_with_timeout(deadline));
        self.told(in_our_words(result))
    }
}

impl<E> Drop for OtelExporter<E> {
    fn drop(&mut self) {
        if let Some(Running { exporter, reactor, .. }) = self.running.take() {
            reactor.enter(move || drop(exporter));
        }
    }
}

fn in_our_words(result: OTelSdkResult) -> Result<(), ExportError> {
    result.map_err(ExportError::new)
}
