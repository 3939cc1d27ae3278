//! Keeps spans in memory, for tests: bounded, and what goes over is counted.

use super::{ExportError, SpanExporter};
use crate::{SpanData, trace};
use exo_trace_std::{SpanId, Value};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The spans of the memory backend, to be looked at.
///
/// Spans come when the drain has brought them: call `flush` first.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    spans: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    spans: Vec<SpanData<'static>>,
    spans_max: usize,
    refused: u64,
}

impl Memory {
    pub(crate) fn new(spans_max: usize) -> Self {
        Self { spans: Arc::new(Mutex::new(Kept { spans_max, ..Kept::default() })) }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns all spans, in the order they ended.
    pub fn spans(&self) -> Vec<SpanData<'static>> {
        self.kept().spans.clone()
    }

    /// Returns the spans with this name.
    pub fn named(&self, name: &str) -> Vec<SpanData<'static>> {
        self.having(|span| span.name() == name)
    }

    /// Returns the children of a span.
    pub fn children_of(&self, span: &SpanData<'_>) -> Vec<SpanData<'static>> {
        let parent: SpanId = span.span_id();
        self.having(|span| span.parent_span_id() == Some(parent))
    }

    /// Returns the spans that have this attribute with this value.
    pub fn with<'a>(
        &self,
        key: impl AsRef<str>,
        value: impl Into<Value<'a>>,
    ) -> Vec<SpanData<'static>> {
        let (key, value) = (key.as_ref(), value.into());
        self.having(|span| span.attribute(key) == Some(value))
    }

    /// Returns the spans as trees, one line a span, free of times and ids.
    pub fn tree(&self) -> String {
        trace::to_text(&self.spans())
    }

    /// Forgets all spans.
    pub fn clear(&self) {
        self.kept().spans.clear();
    }

    /// Returns how many spans found no room.
    pub fn refused(&self) -> u64 {
        self.kept().refused
    }

    fn having(&self, wanted: impl Fn(&SpanData<'_>) -> bool) -> Vec<SpanData<'static>> {
        self.kept().spans.iter().filter(|span| wanted(span)).cloned().collect()
    }
}

/// The side of [`Memory`] that spans come in by.
pub(crate) struct MemoryExporter(pub(crate) Memory);

impl SpanExporter for MemoryExporter {
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        let mut kept = self.0.kept();
        let room = kept.spans_max.saturating_sub(kept.spans.len());
        kept.spans.extend(spans.iter().take(room).map(SpanData::to_owned));
        let refused = spans.len().saturating_sub(room) as u64;
        kept.refused += refused;
        if refused == 0 {
            Ok(())
        } else {
            let reason = format!("memory holds {} spans already", kept.spans_max);
            Err(ExportError::of_spans(reason, refused))
        }
    }
}
