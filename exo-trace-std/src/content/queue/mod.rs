//! Contents on their way to the drain: buffers in one list, bounded in bytes, beside the rings.
//!
//! A content is in the list before the record that ends its span is in a ring, so whoever has read the
//! record finds the content. A full list refuses the newest and counts it, as a ring does.

use crate::per_process::PerProcess;
use crate::sync::{AtomicUsize, Mutex, MutexGuard, PoisonError, Relaxed};
use exo_trace_core::SpanId;

#[cfg(feature = "enabled")]
mod push;

#[cfg(feature = "enabled")]
pub(crate) use push::written;

static QUEUE: PerProcess<ContentQueue> = PerProcess::new();

/// The list of one process. Not for callers: the drain empties it.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct ContentQueue {
    waiting: Mutex<Vec<Captured>>,
    /// How many bytes the list holds. Written under its lock.
    bytes: AtomicUsize,
}

/// One content of a span: what the drain writes under one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The span it is of.
    pub span_id: SpanId,
    /// The attribute's name.
    pub key: &'static str,
    /// JSON, as far as its source keeps its promise.
    pub json: String,
}

impl Captured {
    /// Returns how much memory it holds on to.
    pub fn bytes(&self) -> usize {
        self.json.capacity() + size_of::<Self>()
    }
}

impl ContentQueue {
    /// Returns the list of this process; that of a forked child begins empty, for what its parent left
    /// there is its parent's.
    pub fn own() -> &'static Self {
        QUEUE.own(|_| Self::default())
    }

    /// Takes all contents that wait, in the order they were written: one relaxed load where there are
    /// none.
    pub fn take(&self) -> Vec<Captured> {
        // Relaxed: for what has to be found, the store is ordered before this load by the ring its
        // span's record came through.
        if self.bytes.load(Relaxed) == 0 {
            return Vec::new();
        }
        let mut waiting = self.lock();
        self.bytes.store(0, Relaxed);
        std::mem::take(&mut *waiting)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Captured>> {
        // Nothing below panics while it holds the lock.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
