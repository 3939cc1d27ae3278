//! Where spans can be sent: the trait, and the exporters that come with this crate.

mod console;
mod file;
mod memory;
#[cfg(feature = "opentelemetry")]
mod opentelemetry;
#[cfg(feature = "otlp")]
pub(crate) mod otlp;
#[cfg(not(feature = "otlp"))]
#[path = "no_otlp.rs"]
pub(crate) mod otlp;
mod otlp_json;
mod otlp_schema;
mod owner_only;

use crate::SpanData;
use std::fmt;
use std::time::Duration;

pub use console::Console;
pub(crate) use console::ConsoleExporter;
pub use file::FileExporter;
pub use memory::Memory;
pub(crate) use memory::MemoryExporter;
#[cfg(feature = "opentelemetry")]
pub use opentelemetry::OtelExporter;
#[cfg(feature = "otlp")]
pub(crate) use otlp::Encoder;
#[cfg(feature = "otlp")]
pub use otlp::{Sender, Sent};

/// Sends finished spans somewhere.
///
/// It runs on a thread of its own, behind a bounded queue; it may be slow, fail or panic without
/// anybody else noticing, and spans made on its thread are suppressed.
///
/// ```
/// use exo_trace_export::exporter::{ExportError, SpanExporter};
/// use exo_trace_export::SpanData;
/// use std::sync::mpsc::Sender;
///
/// struct Names(Sender<String>);
///
/// impl SpanExporter for Names {
///     fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
///         spans.iter().try_for_each(|span| {
///             self.0.send(span.name().into_owned()).map_err(ExportError::new)
///         })
///     }
/// }
/// ```
pub trait SpanExporter: Send + 'static {
    /// Sends a batch.
    ///
    /// # Errors
    ///
    /// Says that spans were lost, and how many if that is known; they are counted. More than the
    /// batch had means spans of batches before, which were held back.
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError>;

    /// Writes out what is held back; called by a flush and at the end.
    ///
    /// # Errors
    ///
    /// Says that spans taken before were lost; they no longer count as delivered. Where it is not
    /// known how many, one is counted.
    fn flush(&mut self) -> Result<(), ExportError> {
        Ok(())
    }

    /// Called when nothing came for as long as [`SpanExporter::next_tick`] said.
    ///
    /// # Errors
    ///
    /// As [`SpanExporter::flush`].
    fn tick(&mut self) -> Result<(), ExportError> {
        Ok(())
    }

    /// Returns in what time it wants a tick; `None` when it holds nothing back, and can sleep until
    /// there is work.
    fn next_tick(&self) -> Option<Duration> {
        None
    }

    /// Called once, after the last batch.
    ///
    /// # Errors
    ///
    /// As [`SpanExporter::flush`].
    fn shutdown(&mut self) -> Result<(), ExportError> {
        self.flush()
    }
}

/// Why a batch was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportError {
    /// What went wrong.
    pub reason: String,
    /// How many spans were lost; `None` means the whole batch.
    pub spans_lost: Option<u64>,
}

impl ExportError {
    /// Returns the failure of a whole batch.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self { reason: reason.to_string(), spans_lost: None }
    }

    /// Returns the failure of some spans of a batch.
    pub fn of_spans(reason: impl fmt::Display, spans_lost: u64) -> Self {
        Self { reason: reason.to_string(), spans_lost: Some(spans_lost) }
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for ExportError {}
