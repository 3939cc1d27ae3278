//! How a count goes up: on cold paths.

use super::{Counter, VALUES};
use crate::sync::Relaxed;

impl Counter {
    #[cold]
    pub(crate) fn add(self, times: u64) {
        if let Some(value) = VALUES.get(self as usize) {
            // Relaxed: a count; nothing is ordered by it.
            value.fetch_add(times, Relaxed);
        }
    }
}
