//! How a count goes up: on cold paths.

use super::{Counter, VALUES};
use crate::sync::Relaxed;

impl Counter {
    /// Counts so many more. Not for callers: the tracer's own.
    #[doc(hidden)]
    #[cold]
    pub fn add(self, times: u64) {
        if let Some(value) = VALUES.get(self as usize) {
            // Relaxed: a count; nothing is ordered by it.
            value.fetch_add(times, Relaxed);
        }
    }
}
