//! A span that is owned: sent to other threads, held across awaits, ended anywhere.

use super::begun::Begun;
use super::current_span::CurrentSpan;
use super::facts::{Facts, fact_methods};
use super::future::Traced;
use super::{names, panic_note, pen};
use crate::sync::{Relaxed, StaticAtomicU32};
use crate::{AttributeSource, Failed, Status};
use exo_trace_core::{Current, Field, OpenSpan, Outcome, SpanContext, Value};
use std::borrow::Cow;
use std::panic::Location;

/// A span that is owned and not current: it ends when it is dropped, on whatever thread.
///
/// ```
/// use exo_trace_std::{Span, attributes};
///
/// let run = Span::start("agent_run", attributes! { step = 1 });
/// let tool = run.child("search", ());
/// let worker = std::thread::spawn(move || tool.set_attribute("hits", 7));
/// worker.join().expect("the worker does not panic");
/// run.end();
/// ```
#[derive(Debug)]
#[must_use = "the span ends when it is dropped"]
pub struct Span {
    open: Option<OpenSpan>,
    /// The lane it began on.
    home: usize,
    /// Whether facts of it may stand in other rings.
    is_foreign: StaticAtomicU32,
}

impl Span {
    /// Begins a span as a child of the current one.
    ///
    /// A literal name is found through a small per-thread cache; a name made at run time travels as
    /// text in the record, cut at the value limit.
    #[track_caller]
    pub fn start(name: impl Into<Cow<'static, str>>, attributes: impl AttributeSource) -> Self {
        Self::from_begun(names::begin_named(name.into(), attributes, Location::caller()))
    }

    /// Begins a child of this span.
    #[track_caller]
    pub fn child(
        &self,
        name: impl Into<Cow<'static, str>>,
        attributes: impl AttributeSource,
    ) -> Self {
        let parent = self.open.as_ref().map(OpenSpan::as_current);
        Self::below(parent, name.into(), attributes, Location::caller())
    }

    pub(super) fn below(
        parent: Option<Current>,
        name: Cow<'static, str>,
        attributes: impl AttributeSource,
        place: &'static Location<'static>,
    ) -> Self {
        Self::from_begun(names::begin_below(parent, name, attributes, place))
    }

    /// Returns a handle of the span that is current on this thread.
    pub fn current() -> CurrentSpan {
        CurrentSpan::of_this_thread()
    }

    /// Ends the span now.
    pub fn end(self) {}

    /// Runs `f` with the span current, without ending it.
    pub fn in_scope<R>(&self, f: impl FnOnce() -> R) -> R {
        let _within = super::within::Within::new(self.as_current());
        f()
    }

    /// Returns `future` with this span current whenever it is polled; the span is not ended by it.
    pub fn instrument<F: Future>(&self, future: F) -> super::in_context::InContext<F> {
        super::in_context::InContext::in_span(self.as_current(), future)
    }

    pub(super) fn from_begun(begun: Begun) -> Self {
        let (open, home, _) = begun.into_parts();
        Self { open, home, is_foreign: StaticAtomicU32::new(0) }
    }

    /// What is current inside the span, or what is so anyway where tracing was off when it began; from
    /// here on others may add facts to it.
    pub(super) fn as_current(&self) -> Option<Current> {
        self.mark_foreign();
        self.open.as_ref().map(|open| open.as_current().foreign())
    }

    fn mark_foreign(&self) {
        // Relaxed: whoever ends the span owns it, and was given it by means that order this store.
        self.is_foreign.store(1, Relaxed);
    }

    fn facts(&self) -> Facts {
        if pen::with(|pen| pen.lane()) != Some(self.home) {
            self.mark_foreign();
        }
        Facts::of(self.open.as_ref())
    }

    fact_methods!();
}

impl Drop for Span {
    fn drop(&mut self) {
        let Some(mut open) = self.open.take().filter(OpenSpan::is_recording) else { return };
        pen::with(|pen| {
            // Without a ring, the end is counted.
            pen.is_ready();
            if self.is_foreign.load(Relaxed) != 0 || pen.lane() != self.home {
                open.mark_foreign();
            }
            let mut outcome = Outcome::Ended;
            if std::thread::panicking() && !open.began_in_panic() {
                outcome = Outcome::Panic;
                panic_note::write(open.span_id(), open.start_ticks());
            }
            pen.end(&open, outcome);
        });
    }
}

/// Lets a future run inside a span.
pub trait TraceFuture: Future + Sized {
    /// Returns the future with a span of its own around it.
    #[track_caller]
    fn traced(self, name: impl Into<Cow<'static, str>>) -> Traced<Self> {
        names::begin_named(name.into(), (), Location::caller()).future(self)
    }

    /// Returns the future with `span` current whenever it is polled.
    fn in_span(self, span: &Span) -> super::in_context::InContext<Self> {
        span.instrument(self)
    }
}

impl<F: Future> TraceFuture for F {}
