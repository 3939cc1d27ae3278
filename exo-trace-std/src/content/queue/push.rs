//! How a content gets into the list, in builds that record.

use super::{Captured, ContentQueue};
use crate::counters::Counter;
use crate::sync::Relaxed;
use crate::{registry, settings};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What stands in the place of a content that could not be written down.
const PANICKED: &str = r#""(panicked while it was written down)""#;

/// Returns what `write` appends. It runs the caller's code.
pub(crate) fn written(write: impl FnOnce(&mut String)) -> String {
    let mut json = String::new();
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| write(&mut json))) {
        // Dropping it would run the caller's code once more, outside the net.
        std::mem::forget(payload);
        Counter::FormatPanicked.add(1);
        return PANICKED.to_owned();
    }
    json
}

impl ContentQueue {
    /// Tells whether there is room for any content; one that is refused is counted, and need not be
    /// written down first.
    pub(crate) fn has_room(&self) -> bool {
        let has_room = self.bytes.load(Relaxed) < settings::content_queue_bytes_max();
        if !has_room {
            Counter::ContentsRefused.add(1);
        }
        has_room
    }

    /// Appends a content, or refuses and counts it when the list is full.
    pub(crate) fn push(&self, captured: Captured) {
        let bytes_max = settings::content_queue_bytes_max();
        let bytes = captured.bytes();
        let mut waiting = self.lock();
        let before = self.bytes.load(Relaxed);
        let after = before.saturating_add(bytes);
        if after > bytes_max {
            drop(waiting);
            return Counter::ContentsRefused.add(1);
        }
        self.bytes.store(after, Relaxed);
        waiting.push(captured);
        drop(waiting);
        let half = bytes_max / 2;
        if before <= half && after > half {
            registry::wake_drain();
        }
    }
}
