//! A span that is current until its guard goes out of scope.

use super::facts::{Facts, fact_methods};
use super::joined::Beside;
use super::{panic_note, pen};
use crate::counters::Counter;
use crate::{Failed, Status};
use exo_trace_core::{Before, Current, Field, InternedKey, OpenSpan, Outcome, SpanContext, Value};
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
    /// Whether nothing is known of it that would take a thought at its end.
    is_straight: Cell<bool>,
    on_this_thread: PhantomData<*const ()>,
}

impl SpanGuard {
    /// Returns a guard of nothing.
    #[inline(always)]
    pub(super) fn none() -> Self {
        let entered = Entered { before: Before::NONE, beside: Beside::NONE, is_so: false };
        Self::new(None, entered, false)
    }

    /// Makes the span current, unless its time runs already; somebody may have been told of it before.
    #[inline(always)]
    pub(super) fn enter(open: OpenSpan, is_running: bool, is_foreign: bool) -> Self {
        let (own, parent) = (open.as_current(), open.parent_word());
        let below = if is_running { 0 } else { parent };
        let entered = match pen::with(|pen| pen.enter_below(own, below)).flatten() {
            Some(before) => Entered { before, beside: Beside::NONE, is_so: true },
            None => {
                let [high, low, span_id, bits] = own.to_words();
                let Entered { before, beside, is_so } =
                    enter_at_length(high, low, span_id, bits, is_running);
                Entered { before, beside, is_so }
            }
        };
        Self::new(Some(open), entered, is_foreign)
    }

    /// The one place where a guard is made: with two of them the compiler would put spans into memory
    /// before it knows which.
    #[inline(always)]
    fn new(open: Option<OpenSpan>, entered: Entered, is_foreign: bool) -> Self {
        let Entered { before, beside, is_so } = entered;
        Self {
            is_straight: Cell::new(is_so & beside.is_none() & !is_foreign),
            open,
            before,
            beside,
            outcome: Cell::new(Outcome::Ended),
            is_foreign: Cell::new(is_foreign),
            is_entered: is_so,
            on_this_thread: PhantomData,
        }
    }

    /// Notes that the work ended in an error value; `None` notes nothing.
    #[inline(always)]
    pub fn fail(&self, failed: Option<Failed<'_>>) {
        if let Some(failed) = failed {
            self.outcome.set(Outcome::Error);
            self.is_straight.set(false);
            self.facts().fail(failed);
        }
    }

    /// Adds an attribute under an interned key.
    #[inline]
    pub fn put(&self, key: &'static InternedKey, field: Field<'_>) {
        self.heard(self.facts().put(key, field));
    }

    /// Tells whether the span is recorded.
    #[inline(always)]
    pub fn is_recording(&self) -> bool {
        self.open.as_ref().is_some_and(OpenSpan::is_recording)
    }

    fn mark_foreign(&self) {
        self.is_foreign.set(true);
        self.is_straight.set(false);
    }

    /// Ends a span whose times are coarse. Inlined, as nothing else of it would be worth the saving.
    #[inline(always)]
    pub fn end_coarse(mut self) {
        if let Some(open) = &self.open
            && self.is_straight.get()
            && let Some((room, ticks)) = pen::with(|pen| pen.coarse_room(open)).flatten()
        {
            let (words, before) = (open.write(room, ticks), self.before);
            pen::with(|pen| pen.recorder().publish(words, before));
            self.open = None;
        }
    }

    /// Ends it. Not inlined: the compiler would not do so by itself, and then every call site would pay
    /// for the parts that are.
    #[inline(never)]
    fn finish(&mut self) {
        if let Some(open) = &self.open
            && self.is_straight.get()
            && pen::with(|pen| pen.finish(open, self.before)).unwrap_or(false)
        {
            return;
        }
        self.finish_at_length();
    }

    /// As [`SpanGuard::finish`], whatever there is to think of.
    #[cold]
    #[inline(never)]
    fn finish_at_length(&mut self) {
        let beside = std::mem::take(&mut self.beside);
        let Some(open) = &mut self.open else { return };
        if self.is_foreign.get() {
            open.mark_foreign();
        }
        pen::with(|pen| {
            if self.is_entered {
                pen.leave(open, self.before, beside);
            }
            if open.is_recording() {
                let mut outcome = self.outcome.get();
                if std::thread::panicking() && !open.began_in_panic() {
                    outcome = Outcome::Panic;
                    panic_note::write(open.span_id(), open.start_ticks());
                }
                pen.end(open, outcome);
            }
        });
    }

    fn facts(&self) -> Facts {
        Facts::of(self.open.as_ref())
    }

    fact_methods!();
}

/// Whether a span is current, and what was before.
struct Entered {
    before: Before,
    beside: Beside,
    is_so: bool,
}

/// Makes a span current, whatever there is to think of, unless its time runs already. It comes word by
/// word, or all who take the straight way would store it in case: see [`super::begun`].
#[inline(never)]
fn enter_at_length(high: u64, low: u64, span_id: u64, bits: u64, is_running: bool) -> Entered {
    let own = Current::from_words([high, low, span_id, bits]);
    let entered = if is_running { None } else { pen::with(|pen| pen.enter(own)).flatten() };
    if entered.is_none() && !is_running {
        Counter::OutOfOrder.add(1);
    }
    let is_so = entered.is_some();
    let (before, beside) = entered.unwrap_or((Before::NONE, Beside::NONE));
    Entered { before, beside, is_so }
}

impl Drop for SpanGuard {
    #[inline(always)]
    fn drop(&mut self) {
        if self.open.is_some() {
            self.finish();
        }
    }
}

impl fmt::Debug for SpanGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpanGuard").field("span", &self.span_context()).finish_non_exhaustive()
    }
}
