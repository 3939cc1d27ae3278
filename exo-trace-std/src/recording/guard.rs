//! A span that is current until its guard goes out of scope.

use super::facts::{Facts, fact_methods};
use super::joined::Beside;
use super::{panic_note, pen};
use crate::counters::Counter;
use crate::{Failed, Status};
use exo_trace_core::{Before, Field, InternedKey, OpenSpan, Outcome, SpanContext, Value};
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

/// A span that is current on this thread until it is dropped.
///
/// Stays on its thread: what runs elsewhere takes a [`Span`](crate::Span) or a
/// [`Context`](crate::Context). In async code use [`span_async!`](crate::span_async!), because a
/// guard held across an await would be current for whatever the thread does meanwhile.
#[must_use = "the span ends when the guard is dropped"]
pub struct SpanGuard {
    open: Option<OpenSpan>,
    before: Before,
    beside: Beside,
    outcome: Cell<Outcome>,
    /// Whether somebody was told who it is.
    is_foreign: Cell<bool>,
    /// Whether it is current; a span that a future handed back only waits for its end.
    is_entered: bool,
    on_this_thread: PhantomData<*const ()>,
}

impl SpanGuard {
    #[inline(always)]
    pub(super) fn enter(open: Option<OpenSpan>, is_running: bool) -> Self {
        let own = match &open {
            Some(open) if !is_running => Some(open.as_current()),
            _ => None,
        };
        let entered = own.and_then(|own| pen::with(|pen| pen.enter(own)).flatten());
        let is_entered = entered.is_some();
        if own.is_some() && !is_entered {
            Counter::OutOfOrder.add(1);
        }
        let (before, beside) = entered.unwrap_or((Before::NONE, Beside::NONE));
        Self {
            open,
            is_entered,
            before,
            beside,
            outcome: Cell::new(Outcome::Ended),
            is_foreign: Cell::new(false),
            on_this_thread: PhantomData,
        }
    }

    /// Notes that the work ended in an error value; `None` notes nothing.
    #[inline(always)]
    pub fn fail(&self, failed: Option<Failed<'_>>) {
        if let Some(failed) = failed {
            self.outcome.set(Outcome::Error);
            self.facts().fail(failed);
        }
    }

    /// Adds an attribute under an interned key.
    #[inline]
    pub fn put(&self, key: &'static InternedKey, field: Field<'_>) {
        self.facts().put(key, field);
    }

    /// Tells whether the span is recorded.
    #[inline(always)]
    pub fn is_recording(&self) -> bool {
        self.open.as_ref().is_some_and(OpenSpan::is_recording)
    }

    fn mark_foreign(&self) {
        self.is_foreign.set(true);
    }

    fn facts(&self) -> Facts {
        Facts::of(self.open.as_ref())
    }

    fact_methods!();
}

impl Drop for SpanGuard {
    #[inline(always)]
    fn drop(&mut self) {
        let (before, mut outcome, is_entered) = (self.before, self.outcome.get(), self.is_entered);
        let beside = std::mem::take(&mut self.beside);
        if let Some(open) = &mut self.open {
            if self.is_foreign.get() {
                open.mark_foreign();
            }
            pen::with(|pen| {
                if is_entered {
                    pen.leave(open, before, beside);
                }
                if open.is_recording() {
                    if std::thread::panicking() && !open.began_in_panic() {
                        outcome = Outcome::Panic;
                        panic_note::write(open.span_id(), open.start_ticks());
                    }
                    pen.end(open, outcome);
                }
            });
        }
    }
}

impl fmt::Debug for SpanGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpanGuard").field("span", &self.span_context()).finish_non_exhaustive()
    }
}
