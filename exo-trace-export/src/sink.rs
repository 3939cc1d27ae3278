//! What takes the spans: an exporter or a consumer, asked so that no panic in it gets through.

use crate::SpanData;
use crate::batch::Batch;
use crate::caught::caught;
use crate::config::SharedExporter;
use crate::consumer::SpanConsumer;
use crate::counts::Toll;
use crate::exporter::{ExportError, SpanExporter};
use crate::queue::Appetite;
use std::sync::Arc;
use std::time::Duration;

/// What takes the spans, on a thread of its own.
pub(crate) trait Sink {
    /// Returns what kind of destination it is.
    ///
    /// Source: OpenTelemetry semantic conventions, `otel.component.type`; ours where it has no word.
    fn component(&self) -> &'static str;

    /// Returns how many spans it wants at once.
    fn appetite(&self) -> Appetite {
        Appetite::BATCH
    }

    /// Hands batches over, and returns what became of their spans.
    fn deliver(&mut self, batches: &[Arc<Batch>]) -> Toll;

    /// Asks for something between two batches, and returns what that cost.
    fn ask(&mut self, _request: Request) -> Toll {
        Toll::default()
    }

    /// Returns why it last did not take spans, unless it has taken some since.
    fn trouble(&self) -> Option<&str> {
        None
    }

    /// Returns how long it waits for work before it wants to look at the clock.
    fn next_tick(&self) -> Option<Duration> {
        None
    }
}

/// What is asked of a sink between two batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Flush,
    Tick,
    Shutdown,
}

/// An exporter of this crate, and what kind it is.
pub(crate) struct Own<E>(pub(crate) E, pub(crate) &'static str);

impl<E: SpanExporter> Sink for Own<E> {
    fn component(&self) -> &'static str {
        self.1
    }

    fn deliver(&mut self, batches: &[Arc<Batch>]) -> Toll {
        batches.iter().fold(Toll::default(), |toll, batch| export(&mut self.0, batch, toll))
    }

    fn ask(&mut self, request: Request) -> Toll {
        ask(&mut self.0, request)
    }

    fn next_tick(&self) -> Option<Duration> {
        caught(|| self.0.next_tick()).flatten()
    }
}

/// An exporter that a configuration holds, and perhaps a copy of it.
impl Sink for SharedExporter {
    fn component(&self) -> &'static str {
        "span_exporter"
    }

    fn deliver(&mut self, batches: &[Arc<Batch>]) -> Toll {
        batches.iter().fold(Toll::default(), |toll, batch| export(&mut *self.lock(), batch, toll))
    }

    fn ask(&mut self, request: Request) -> Toll {
        ask(&mut *self.lock(), request)
    }

    fn next_tick(&self) -> Option<Duration> {
        caught(|| self.lock().next_tick()).flatten()
    }
}

/// A consumer: it knows only spans.
impl Sink for Arc<dyn SpanConsumer> {
    fn component(&self) -> &'static str {
        "exo_trace.span_consumer"
    }

    fn deliver(&mut self, batches: &[Arc<Batch>]) -> Toll {
        let spans = batches.iter().flat_map(shared);
        Toll::failed(spans.filter(|span| caught(|| self.consume(span)).is_none()).count() as u64)
    }
}

fn shared(batch: &Arc<Batch>) -> impl Iterator<Item = SpanData<'static>> {
    (0..batch.len()).map(|place| SpanData::shared(batch, place))
}

fn export(exporter: &mut dyn SpanExporter, batch: &Arc<Batch>, toll: Toll) -> Toll {
    let spans = batch.data().collect::<Vec<_>>();
    // A panic loses its batch and nothing else.
    let lost = match caught(|| exporter.export(&spans)) {
        Some(Ok(())) => 0,
        Some(Err(error)) => error.spans_lost.unwrap_or(spans.len() as u64),
        None => spans.len() as u64,
    };
    Toll { failed: toll.failed.saturating_add(lost), ..toll }
}

fn ask(exporter: &mut dyn SpanExporter, request: Request) -> Toll {
    let answer = caught(|| match request {
        Request::Flush => exporter.flush(),
        Request::Tick => exporter.tick(),
        Request::Shutdown => exporter.shutdown(),
    });
    Toll::failed(match answer {
        Some(Ok(())) => 0,
        // Without a batch nobody knows how many, but not none.
        Some(Err(ExportError { spans_lost, .. })) => spans_lost.unwrap_or(1),
        None => 1,
    })
}
