//! What takes the spans, an exporter or a consumer, asked so that no panic in it gets through.

use crate::SpanData;
use crate::batch::Batch;
use crate::caught::caught;
use crate::config::SharedExporter;
use crate::consumer::SpanConsumer;
use crate::exporter::{ExportError, SpanExporter};
use std::sync::Arc;
use std::time::Duration;

/// What takes the spans.
pub(crate) enum Sink {
    Exporter(Box<dyn SpanExporter>),
    /// An exporter that a configuration holds, and perhaps a copy of it.
    Shared(SharedExporter),
    Consumer(Arc<dyn SpanConsumer>),
}

impl Sink {
    /// Hands a batch over and returns how many spans were lost.
    pub(crate) fn deliver(&mut self, batch: &Arc<Batch>) -> u64 {
        let spans = (0..batch.len()).map(|place| SpanData::shared(batch, place));
        match self {
            Self::Exporter(exporter) => export(&mut **exporter, &spans.collect::<Vec<_>>()),
            Self::Shared(exporter) => export(&mut *exporter.lock(), &spans.collect::<Vec<_>>()),
            Self::Consumer(consumer) => {
                spans.filter(|span| caught(|| consumer.consume(span)).is_none()).count() as u64
            }
        }
    }

    /// Asks an exporter for something between two batches, and returns how many spans were lost;
    /// consumers know only spans.
    pub(crate) fn ask(
        &mut self,
        request: impl FnOnce(&mut dyn SpanExporter) -> Result<(), ExportError>,
    ) -> u64 {
        let answer = caught(|| match self {
            Self::Exporter(exporter) => request(&mut **exporter),
            Self::Shared(exporter) => request(&mut *exporter.lock()),
            Self::Consumer(_) => Ok(()),
        });
        match answer {
            Some(Ok(())) => 0,
            // Without a batch nobody knows how many, but not none.
            Some(Err(error)) => error.spans_lost.unwrap_or(1),
            None => 1,
        }
    }

    /// Returns how long it waits for work before it wants to look at the clock.
    pub(crate) fn next_tick(&self) -> Option<Duration> {
        caught(|| match self {
            Self::Exporter(exporter) => exporter.next_tick(),
            Self::Shared(exporter) => exporter.lock().next_tick(),
            Self::Consumer(_) => None,
        })
        .flatten()
    }
}

fn export(exporter: &mut dyn SpanExporter, spans: &[SpanData<'_>]) -> u64 {
    // A panic loses its batch and nothing else.
    match caught(|| exporter.export(spans)) {
        Some(Ok(())) => 0,
        Some(Err(error)) => error.spans_lost.unwrap_or(spans.len() as u64),
        None => spans.len() as u64,
    }
}
