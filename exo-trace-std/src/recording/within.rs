//! Another current span for a stretch of code, and the old one after it.

use super::pen::{self, Earlier};
use exo_trace_core::Current;
use std::marker::PhantomData;

/// Another current span for as long as this lives; puts the old one back even in a panic. With none
/// to make current, the old one stays.
#[derive(Debug)]
pub(super) struct Within {
    before: Option<Earlier>,
    on_this_thread: PhantomData<*const ()>,
}

impl Within {
    #[inline]
    pub(super) fn new(current: impl Into<Option<Current>>) -> Self {
        let Some(current) = current.into() else {
            return Self { before: None, on_this_thread: PhantomData };
        };
        let before = pen::with(|pen| {
            // The thread may have no ring yet, or get none: then what is recorded here is counted.
            if current.is_recording() {
                pen.is_ready();
            }
            pen.replace_current(current)
        });
        Self { before, on_this_thread: PhantomData }
    }

    /// Ends it now and returns what was current at its end.
    #[inline(always)]
    pub(super) fn leave(mut self) -> Option<Current> {
        let before = self.before.take()?;
        pen::with(|pen| pen.put_back(before))
    }
}

impl Drop for Within {
    #[inline]
    fn drop(&mut self) {
        if let Some(before) = self.before.take() {
            pen::with(|pen| pen.put_back(before));
        }
    }
}
