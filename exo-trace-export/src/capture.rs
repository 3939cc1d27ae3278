//! Traces that somebody waits for: tests that look only at the spans under their own root.

use crate::SpanData;
use crate::batch::Batch;
use exo_trace_std::TraceId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

static CAPTURES: Mutex<Option<HashMap<TraceId, Vec<SpanData<'static>>>>> = Mutex::new(None);
/// How many traces are waited for, so that the drain skips the lock when there are none.
static WAITING: AtomicUsize = AtomicUsize::new(0);

fn captures() -> MutexGuard<'static, Option<HashMap<TraceId, Vec<SpanData<'static>>>>> {
    CAPTURES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for the spans of a trace from here on.
pub(crate) fn begin(trace_id: TraceId) {
    captures().get_or_insert_default().insert(trace_id, Vec::new());
    // Relaxed: the drain is woken by a flush, which orders this before its look.
    WAITING.fetch_add(1, Relaxed);
}

/// Returns the spans that came.
pub(crate) fn end(trace_id: TraceId) -> Vec<SpanData<'static>> {
    WAITING.fetch_sub(1, Relaxed);
    captures().get_or_insert_default().remove(&trace_id).unwrap_or_default()
}

/// Lets whoever waits have a look at a batch.
pub(crate) fn offer(batch: &Arc<Batch>) {
    if WAITING.load(Relaxed) == 0 {
        return;
    }
    let mut captures = captures();
    let Some(wanted) = captures.as_mut() else { return };
    for span in batch.data() {
        if let Some(spans) = wanted.get_mut(&span.trace_id()) {
            spans.push(span.to_owned());
        }
    }
}
