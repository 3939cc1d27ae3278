//! A span that is current until its guard goes out of scope.

use super::facts::{Facts, fact_methods};
use super::{panic_note, pen};
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
    outcome: Cell<Outcome>,
    /// Whether it is current; a span that a future handed back only waits for its end.
    is_entered: bool,
    on_this_thread: PhantomData<*const ()>,
}

impl SpanGuard {
    #[inline(always)]
    pub(super) fn enter(open: Option<OpenSpan>, is_running: bool) -> Self {
        let before = match &open {
            Some(open) if !is_running => pen::with(|pen| pen.recorder().enter(open)),
            _ => None,
        };
        Self {
            open,
            before: before.unwrap_or(Before::NONE),
            outcome: Cell::new(Outcome::Ended),
            is_entered: !is_running,
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

    fn facts(&self) -> Facts {
        Facts::of(self.open.as_ref())
    }

    fact_methods!();
}

impl Drop for SpanGuard {
    #[inline(always)]
    fn drop(&mut self) {
        let (before, outcome, is_entered) = (self.before, self.outcome.get(), self.is_entered);
        if let Some(open) = &mut self.open {
            pen::with(|pen| {
                if is_entered {
                    pen.leave(open, before);
                }
                if open.is_recording() {
                    let outcome = if std::thread::panicking() {
                        panic_note::outcome_of(open.span_id(), open.start_ticks(), outcome)
                    } else {
                        outcome
                    };
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
