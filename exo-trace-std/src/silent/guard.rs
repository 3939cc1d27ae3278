//! A guard of nothing, which stays on its thread all the same.

use super::facts::fact_methods;
use crate::{Failed, Status};
use exo_trace_core::{Field, InternedKey, SpanContext, Value};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A span that is current on this thread until it is dropped; here, none.
///
/// Not `Send` in this build either, so that what compiles without the feature compiles with it:
///
/// ```compile_fail,E0277
/// fn sent<T: Send>(_: T) {}
/// sent(exo_trace_std::span_sync!("stays on its thread"));
/// ```
#[must_use = "the span ends when the guard is dropped"]
pub struct SpanGuard {
    on_this_thread: PhantomData<*const ()>,
}

impl SpanGuard {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self { on_this_thread: PhantomData }
    }

    /// Ends nothing.
    #[inline(always)]
    pub fn end_coarse(self) {}

    /// Forgets the failure.
    #[inline(always)]
    pub fn fail(&self, _failed: Option<Failed<'_>>) {}

    /// Forgets the attribute.
    #[inline(always)]
    pub fn put(&self, _key: &'static InternedKey, _field: Field<'_>) {}

    /// Returns `false`.
    #[inline(always)]
    pub fn is_recording(&self) -> bool {
        false
    }

    fact_methods!();
}

impl Drop for SpanGuard {
    /// Does nothing; it is there because `drop(span)` is how callers end a span early.
    #[inline(always)]
    fn drop(&mut self) {}
}

impl fmt::Debug for SpanGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpanGuard").finish_non_exhaustive()
    }
}
