//! A handle of the span that is current, for code that did not begin it.

use super::facts::{Facts, fact_methods};
use super::pen;
use crate::{Failed, Status};
use exo_trace_core::{Current, Field, SpanContext, Value};
use std::borrow::Cow;

/// The span that was current when [`Span::current`](crate::Span::current) was called.
///
/// Adds attributes, events and errors without ending anything; with no current span it does
/// nothing. It may be kept and sent: the span it stands for is then joined with care on the other
/// side of the ring.
#[derive(Clone, Copy, Debug, Default)]
pub struct CurrentSpan {
    open: Option<Current>,
}

impl CurrentSpan {
    pub(super) fn of_this_thread() -> Self {
        Self { open: pen::with(pen::Pen::told) }
    }

    pub(super) fn as_current(&self) -> Option<Current> {
        self.open
    }

    /// Done already when the handle was made.
    fn mark_foreign(&self) {}

    fn facts(&self) -> Facts {
        Facts::of_current(self.open)
    }

    /// Replaces the span's name.
    pub fn set_name(&self, name: &str) {
        self.facts().rename(name);
    }

    fact_methods!();
}

/// What is current knows who it is by the same word as a span that is open.
use Current as OpenSpan;
