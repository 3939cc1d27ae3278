//! What goes along with a piece of work, to be taken to other threads, tasks and processes.
//!
//! The current span, baggage, and what other systems said of the trace.

use super::carried::{self, Attachment, Carried, Carrying};
use super::in_context::InContext;
use super::pen;
use super::within::Within;
use crate::propagation::{Baggage, TraceState};
use exo_trace_core::{Current, SpanContext};
use std::sync::Arc;

/// The current span and [`Baggage`], as something that can be kept, sent and made current elsewhere; with
/// them the [`Identity`](crate::Identity) of what begins below.
///
/// Each thread has one, and each future that is a piece of work of its own: of a `#[traced]` function, in a
/// span, in a context. It is there again after every await, and what is set inside does not leave it. A plain
/// `async` block is no such future: what is set in one belongs to whatever is around it, the thread in the end.
///
/// ```
/// use exo_trace_std::{Context, Span};
///
/// let run = Span::start("run", ());
/// let context = run.in_scope(Context::current);
/// let worker = std::thread::spawn(move || {
///     let _attached = context.attach();
///     Context::current().span_context()
/// });
/// assert_eq!(worker.join().expect("the worker does not panic"), run.span_context());
/// ```
#[derive(Clone, Debug)]
#[must_use = "a context does nothing until it is attached or a future runs in its scope"]
pub struct Context {
    pub(super) current: Current,
    pub(super) carrying: Carrying,
}

impl Context {
    /// Returns the calling thread's context.
    pub fn current() -> Self {
        let current = pen::with(pen::Pen::told).unwrap_or(Current::NONE);
        Self { current, carrying: carried::current() }
    }

    /// Returns the calling thread's context for somebody who only reads it: nothing can be added to its
    /// span by that.
    pub(crate) fn unmarked() -> Self {
        let current = pen::with(pen::Pen::current).unwrap_or(Current::NONE);
        Self { current, carrying: carried::current() }
    }

    /// Returns a context without a span, baggage and an identity: what begins in it begins a trace.
    pub fn empty() -> Self {
        Self { current: Current::NONE, carrying: None }
    }

    /// Returns the context of a span of another thread or process, with the baggage of this thread and the
    /// identity that is attached here.
    pub fn of(span: SpanContext) -> Self {
        let identity = pen::with(|pen| pen.current().identity()).flatten();
        Self { current: Current::of(span).identified(identity), carrying: carried::current() }
    }

    /// Returns the same context around another span.
    pub fn with_span(self, span: SpanContext) -> Self {
        let current = Current::of(span).identified(self.current.identity());
        Self { current, ..self }
    }

    /// Returns the same context with this baggage instead of its own.
    pub fn with_baggage(self, baggage: Baggage) -> Self {
        self.carrying_more(|carried| carried.set_baggage(baggage))
    }

    /// Returns the same context with what other systems said of the trace of its span.
    pub fn with_trace_state(self, trace_state: TraceState) -> Self {
        let Some(span) = self.span_context() else { return self };
        let trace_state = Some((span.trace_id, trace_state)).filter(|(_, said)| !said.is_empty());
        self.carrying_more(|carried| carried.trace_state = trace_state)
    }

    /// Returns the identity of the span in it.
    pub fn span_context(&self) -> Option<SpanContext> {
        self.current.span_context()
    }

    /// Returns its baggage.
    pub fn baggage(&self) -> &Baggage {
        static EMPTY: Baggage = Baggage::new();
        self.carrying.as_ref().map_or(&EMPTY, |carried| carried.baggage())
    }

    /// Returns what other systems said of the trace of its span, if anything.
    pub fn trace_state(&self) -> Option<&TraceState> {
        let (trace_id, said) = self.carrying.as_ref()?.trace_state.as_ref()?;
        (self.span_context()?.trace_id == *trace_id).then_some(said)
    }

    fn carrying_more(mut self, change: impl FnOnce(&mut Carried)) -> Self {
        change(Arc::make_mut(self.carrying.get_or_insert_default()));
        self
    }

    /// Tells whether nothing begins in it.
    pub(crate) fn is_suppressed(&self) -> bool {
        self.current.is_suppressed()
    }

    /// Makes the context current on this thread until the guard is dropped.
    pub fn attach(&self) -> Attached {
        let attachment = pen::with(|pen| {
            pen.clears_at_its_end();
            pen.hold().attach(self.carrying.clone())
        });
        Attached { within: Within::new(self.current), attachment }
    }

    /// Returns `f` running in the context, on whatever thread: for threads and pools.
    ///
    /// ```
    /// use exo_trace_std::{Context, Span};
    ///
    /// let run = Span::start("run", ());
    /// let work = run.in_scope(|| Context::current().carry(|| Context::current().span_context()));
    /// let worker = std::thread::spawn(work);
    /// assert_eq!(worker.join().expect("the worker does not panic"), run.span_context());
    /// ```
    pub fn carry<R>(self, f: impl FnOnce() -> R) -> impl FnOnce() -> R {
        move || {
            let _attached = self.attach();
            f()
        }
    }

    /// Returns `future` with the context current whenever it is polled.
    pub fn scope<F: Future>(self, future: F) -> InContext<F> {
        InContext::new(self.current, self.carrying, future)
    }
}

/// A context that is current until this is dropped.
///
/// Stays on its thread. Like the guard of a span it is not to be held across an await, nor moved into a
/// future: dropped in a poll that began after it, it takes away what that future carries and leaves its
/// own on the thread.
#[derive(Debug)]
#[must_use = "the context is current until this is dropped"]
pub struct Attached {
    #[expect(dead_code, reason = "it is there to be dropped")]
    within: Within,
    attachment: Option<Attachment>,
}

impl Drop for Attached {
    fn drop(&mut self) {
        if let Some(attachment) = self.attachment.take() {
            pen::with(|pen| pen.hold().detach(attachment));
        }
    }
}

/// Runs `f` with tracing switched off on this thread: for the tracer's own work.
pub fn suppressed<R>(f: impl FnOnce() -> R) -> R {
    let _within = Within::new(Current::SUPPRESSED);
    f()
}
