//! A span that has begun and is not current yet: what the macros fill with attributes.
//!
//! It becomes a guard, a future, a stream, an iterator or an owned span. When nothing records, or
//! the trace is not sampled, it is empty and its attributes are never evaluated.

use super::future::Traced;
use super::guard::SpanGuard;
use super::held::Held;
use super::iterator::TracedIterator;
use super::parents::{measured_below, measured_parent, passing_on, plain_parent, told};
use super::span::Span;
use super::stream::TracedStream;
use super::within::Within;
use super::{facts, pen, stamps};
use crate::counters::Counter;
use crate::settings::{self, First};
use exo_trace_core::{
    Callsite, CallsiteId, Current, Field, InternedKey, OpenSpan, Outcome, SpanId,
};
use std::cell::Cell;

/// A span that has begun.
#[derive(Debug)]
#[must_use = "a span that is not entered says nothing"]
pub struct Begun {
    open: Option<OpenSpan>,
    /// The lane it began on.
    home: usize,
    /// Whether its time runs already, as after a future that handed it back.
    is_running: bool,
    /// Whether its context left the thread while it was current for a moment.
    pub(super) is_foreign: Cell<bool>,
}

impl Begun {
    /// Returns a span that says nothing.
    #[inline(always)]
    pub(super) const fn none() -> Self {
        Self { open: None, home: 0, is_running: false, is_foreign: Cell::new(false) }
    }

    /// Begins a span at `callsite`, as a child of the current one.
    #[inline(always)]
    pub fn at(callsite: &'static Callsite) -> Self {
        Self::of(begin(callsite, pen::Pen::begin))
    }

    /// As [`Begun::at`], for a span whose times may be some milliseconds old, which saves both reads of the
    /// clock. Where it takes a thought, its beginning is exact.
    #[inline(always)]
    pub fn coarse_at(callsite: &'static Callsite) -> Self {
        let mut begun = begin(callsite, pen::Pen::begin_coarse);
        if let Some((open, _)) = &mut begun {
            open.mark_coarse();
        }
        Self::of(begun)
    }

    #[inline(always)]
    fn of(begun: Option<(OpenSpan<0>, usize)>) -> Self {
        match begun {
            Some((open, home)) => {
                let open = Some(open.with_room());
                Self { open, home, is_running: false, is_foreign: Cell::new(false) }
            }
            None => Self::none(),
        }
    }

    /// As [`Begun::at`], for a span that is recorded even where its trace is not sampled.
    ///
    /// It then keeps what is said of it and reaches what measures, and no destination. Plain spans
    /// below it are still not recorded, and what `Span::current()` says inside one is said of nothing.
    #[inline(always)]
    pub fn measured_at(callsite: &'static Callsite) -> Self {
        if !settings::is_on() {
            settings::count_off();
            return Self::none();
        }
        Self::measured(callsite.facts().name, || callsite.id())
    }

    /// Begins a child of `parent`, or of the current span; the root of a trace where there is none.
    ///
    /// Only words go in and out of the thread-local: a span handed through its closures would live
    /// in memory, and be copied at every step.
    #[inline(always)]
    pub(super) fn below(
        parent: Option<Current>,
        name: &'static str,
        callsite: impl FnOnce() -> Option<CallsiteId>,
    ) -> Self {
        let parent = match parent {
            Some(parent) => Some(told(parent)),
            None => pen::with(pen::Pen::current),
        };
        let Some(parent) = parent else { return Self::none() };
        let Some((parent, hidden)) = plain_parent(parent) else { return Self::none() };
        Self::begin(parent, name, callsite(), |callsite, parent, span_id, ticks| {
            OpenSpan::begin(callsite, parent, hidden.unwrap_or(span_id), ticks)
        })
    }

    /// Begins a measured child of the current span; the root of a trace where there is none.
    #[inline(always)]
    pub(super) fn measured(
        name: &'static str,
        callsite: impl FnOnce() -> Option<CallsiteId>,
    ) -> Self {
        let Some(parent) = measured_parent() else { return Self::none() };
        Self::begin(parent, name, callsite(), OpenSpan::begin_measured)
    }

    /// Begins a measured child of `parent`; the root of a trace where that is none.
    pub(super) fn measured_below(
        parent: Current,
        name: &'static str,
        callsite: impl FnOnce() -> Option<CallsiteId>,
    ) -> Self {
        let parent =
            if parent.is_recording() { Some(told(parent)) } else { measured_below(parent) };
        let Some(parent) = parent else { return Self::none() };
        Self::begin(parent, name, callsite(), OpenSpan::begin_measured)
    }

    #[inline(always)]
    fn begin(
        parent: Current,
        name: &'static str,
        callsite: Option<CallsiteId>,
        open: impl FnOnce(Option<CallsiteId>, Current, SpanId, u64) -> OpenSpan,
    ) -> Self {
        let Some((span_id, home, ticks)) = pen::with(pen::Pen::drawn) else { return Self::none() };
        let mut open = open(callsite, parent, span_id, ticks);
        if callsite.is_none() && open.is_recording() {
            without_callsite(span_id, name);
        }
        if std::thread::panicking() {
            open.mark_in_panic();
        }
        stamps::stamp(&mut open);
        Self { open: Some(open), home, is_running: false, is_foreign: Cell::new(false) }
    }

    /// Tells whether attributes are wanted.
    #[inline(always)]
    pub fn is_recording(&self) -> bool {
        self.open.as_ref().is_some_and(OpenSpan::is_recording)
    }

    /// Returns what takes attributes, if they are wanted.
    #[inline(always)]
    pub fn recorded(&mut self) -> Option<&mut OpenSpan> {
        self.open.as_mut().filter(|open| open.is_recording())
    }

    /// Adds an attribute, if it is wanted.
    #[inline(always)]
    pub fn put(&mut self, key: &'static InternedKey, field: Field<'_>) {
        if let Some(open) = self.recorded() {
            facts::put(open, key, field);
        }
    }

    /// Makes the span current until the guard is dropped.
    #[inline(always)]
    pub fn enter(mut self) -> SpanGuard {
        match self.open.take() {
            Some(open) => SpanGuard::enter(open, self.is_running, self.is_foreign.get()),
            None => SpanGuard::none(),
        }
    }

    /// As [`Begun::enter`], for one that is not recording: mostly it is nothing, and costs that.
    #[inline(always)]
    pub fn enter_unrecorded(self) -> SpanGuard {
        if self.open.is_none() { SpanGuard::none() } else { self.enter_at_length() }
    }

    #[inline(never)]
    fn enter_at_length(self) -> SpanGuard {
        self.enter()
    }

    /// Makes the span current whenever `future` is polled, and ends it with the future.
    #[inline]
    pub fn future<F: Future>(self, future: F) -> Traced<F> {
        Traced::plain(self, future)
    }

    /// As [`Begun::future`], for one that is awaited at once, and by nobody else.
    #[inline]
    pub fn awaited<F: Future>(self, future: F) -> Traced<F> {
        self.future(future)
    }

    /// As [`Begun::future`]; `failure` looks at the output before the span ends.
    #[inline]
    pub fn future_with<F, N>(self, future: F, failure: N) -> Traced<F, N>
    where
        F: Future,
        N: for<'a> Fn(&'a F::Output) -> Option<crate::Failed<'a>>,
    {
        Traced::new(self, future, failure)
    }

    /// As [`Begun::future`], but hands the span back with the output, still open.
    pub fn held<F: Future>(self, future: F) -> Held<F> {
        Held::new(self, future)
    }

    /// Makes the span current whenever `stream` is polled, and ends it with the stream.
    pub fn stream<S: futures_core::Stream>(self, stream: S) -> TracedStream<S> {
        TracedStream::new(self, stream, ())
    }

    /// As [`Begun::stream`]; `failure` looks at each item until one is an error.
    pub fn stream_with<S, N>(self, stream: S, failure: N) -> TracedStream<S, N>
    where
        S: futures_core::Stream,
        N: for<'a> Fn(&'a S::Item) -> Option<crate::Failed<'a>>,
    {
        TracedStream::new(self, stream, failure)
    }

    /// Makes the span current whenever `iterator` is advanced, and ends it with the iterator.
    pub fn iterator<I: Iterator>(self, iterator: I) -> TracedIterator<I> {
        TracedIterator::new(self, iterator, ())
    }

    /// As [`Begun::iterator`]; `failure` looks at each item until one is an error.
    pub fn iterator_with<I, N>(self, iterator: I, failure: N) -> TracedIterator<I, N>
    where
        I: Iterator,
        N: for<'a> Fn(&'a I::Item) -> Option<crate::Failed<'a>>,
    {
        TracedIterator::new(self, iterator, failure)
    }

    /// Returns the span as one that is owned, sent and ended anywhere.
    #[inline]
    pub fn span(self) -> Span {
        Span::from_begun(self)
    }

    /// Runs `f` with the span current, without ending it.
    pub fn scope<R>(&self, f: impl FnOnce() -> R) -> R {
        let Some(open) = &self.open else { return f() };
        let within = Within::new(open.as_current());
        // In a panic nobody asks what happened to it, so it stays as it would be at worst.
        let was_foreign = self.is_foreign.replace(true);
        let value = f();
        let is_told = within.leave().is_some_and(|left| left != open.as_current());
        self.is_foreign.set(was_foreign || is_told);
        value
    }

    /// Tells whether there is a span, recorded or not.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Returns the id of the span, if it is recorded. By value, and inlined into the caller's crate:
    /// a reference handed to a function would make the whole span live in memory.
    #[inline(always)]
    pub(super) fn span_id(&self) -> Option<SpanId> {
        self.open.as_ref().filter(|open| open.is_recording()).and_then(OpenSpan::span_id)
    }

    /// Returns what others are made of: the span, its lane, and whether its time runs already.
    ///
    /// Below an unsampled span they get one that is not recorded and passes on its ids, so that what
    /// begins inside them, on whatever thread, is not recorded either.
    #[inline]
    pub(super) fn into_parts(mut self) -> (Option<OpenSpan>, usize, bool) {
        let mut open = self.open.take();
        match &mut open {
            Some(open) if self.is_foreign.get() => open.mark_foreign(),
            Some(_) => {}
            None => open = pen::with(pen::Pen::current).and_then(passing_on),
        }
        (open, self.home, self.is_running)
    }

    /// Returns itself, or what passes on the ids of `parent` where that is not recorded.
    pub(super) fn or_passing_on(mut self, parent: Current) -> Self {
        if self.open.is_none() {
            self.open = passing_on(parent);
        }
        self
    }

    pub(super) fn running(open: Option<OpenSpan>, home: usize) -> Self {
        Self { open, home, is_running: true, is_foreign: Cell::new(false) }
    }
}

impl Drop for Begun {
    /// Ends a span that never became anything: the code between its beginning and its entering
    /// panicked, or its future was dropped before it was polled.
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            abandon(open, self.is_foreign.get());
        }
    }
}

#[cold]
#[inline(never)]
fn abandon(mut open: OpenSpan, is_foreign: bool) {
    if is_foreign {
        open.mark_foreign();
    }
    if open.is_recording() {
        let mut outcome = Outcome::Cancelled;
        if std::thread::panicking() && !open.began_in_panic() {
            outcome = Outcome::Panic;
            super::panic_note::write(open.span_id(), open.start_ticks());
        }
        pen::with(|pen| pen.end(&open, outcome));
    }
}

/// Begins a child of the current span, or the root of a trace: the straight way where it is one.
#[inline(always)]
fn begin(
    callsite: &'static Callsite,
    straight: impl FnOnce(&pen::Pen, CallsiteId, Current) -> (OpenSpan<0>, usize),
) -> Option<(OpenSpan<0>, usize)> {
    match settings::first() {
        First::Straight => {
            let current = pen::with(pen::Pen::current)?;
            if !current.is_recording() {
                if current.is_passing_on() {
                    return None;
                }
            } else if let Some(known) = callsite.known_id()
                && !std::thread::panicking()
            {
                return pen::with(|pen| straight(pen, known, current));
            }
        }
        First::Never => return None,
        First::Else => {}
    }
    let (open, home) = begin_at_length(callsite)?;
    Some((open, home))
}

/// Begins a child of the current span, or the root of a trace, whatever there is to think of.
///
/// What comes back is few words: a whole span would be written into its caller's, which would have to
/// live in memory for it.
#[inline(never)]
fn begin_at_length(callsite: &'static Callsite) -> Option<(OpenSpan<0>, usize)> {
    if !settings::is_on() {
        settings::count_off();
        return None;
    }
    if settings::first() == First::Straight
        && let Some(known) = callsite.known_id()
        && !std::thread::panicking()
        && pen::with(pen::Pen::current)?.is_none()
    {
        return pen::with(|pen| pen.begin_root(known)).flatten();
    }
    let mut begun = Begun::below(None, callsite.facts().name, || callsite.id());
    Some((begun.open.take()?.without_room(), begun.home))
}

/// Saves the name of a span whose call site found no room in the table; the rest of it is lost.
#[cold]
#[inline(never)]
pub(super) fn without_callsite(span_id: SpanId, name: &str) {
    Counter::CallsitesFull.add(1);
    facts::Facts::of_span(Some(span_id)).rename(name);
}
