//! What goes along with a piece of work when nothing is recorded: nothing.

use super::future::poll_once;
use crate::propagation::{Baggage, TraceState};
use exo_trace_core::SpanContext;
use pin_project_lite::pin_project;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

/// The current span, as something that can be kept, sent and made current elsewhere; here, none.
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
/// assert_eq!(worker.join().expect("the worker does not panic"), None);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a context does nothing until it is attached or a future runs in its scope"]
pub struct Context(());

impl Context {
    /// Returns a context without a span.
    #[inline(always)]
    pub fn current() -> Self {
        Self(())
    }

    /// Returns a context without a span.
    #[inline(always)]
    pub fn empty() -> Self {
        Self(())
    }

    /// Returns a context without a span, whatever span it is given.
    #[inline(always)]
    pub fn of(_span: SpanContext) -> Self {
        Self(())
    }

    /// Returns a context without a span and baggage.
    #[inline(always)]
    pub(crate) fn unmarked() -> Self {
        Self(())
    }

    /// Returns a context without a span, whatever span it is given.
    #[inline(always)]
    pub fn with_span(self, _span: SpanContext) -> Self {
        self
    }

    /// Returns a context without baggage, whatever baggage it is given.
    #[inline(always)]
    pub fn with_baggage(self, _baggage: Baggage) -> Self {
        self
    }

    /// Returns a context without a span, of which nobody says anything.
    #[inline(always)]
    pub fn with_trace_state(self, _trace_state: TraceState) -> Self {
        self
    }

    /// Returns a baggage without members.
    #[inline(always)]
    pub fn baggage(&self) -> &Baggage {
        static EMPTY: Baggage = Baggage::new();
        &EMPTY
    }

    /// Returns `None`.
    #[inline(always)]
    pub fn trace_state(&self) -> Option<&TraceState> {
        None
    }

    /// Returns `None`.
    #[inline(always)]
    pub fn span_context(&self) -> Option<SpanContext> {
        None
    }

    #[inline(always)]
    pub(crate) fn is_suppressed(&self) -> bool {
        true
    }

    /// Returns a guard of nothing.
    #[inline(always)]
    pub fn attach(&self) -> Attached {
        Attached { on_this_thread: PhantomData }
    }

    /// Returns `f`.
    #[inline(always)]
    pub fn carry<R>(self, f: impl FnOnce() -> R) -> impl FnOnce() -> R {
        f
    }

    /// Returns `future` with nothing around it.
    #[inline(always)]
    pub fn scope<F: Future>(self, future: F) -> InContext<F> {
        InContext::new(future)
    }
}

/// A context that is current until this is dropped; here, none. Stays on its thread all the same.
#[derive(Debug)]
#[must_use = "the context is current until this is dropped"]
pub struct Attached {
    on_this_thread: PhantomData<*const ()>,
}

impl Drop for Attached {
    #[inline(always)]
    fn drop(&mut self) {}
}

/// Runs `f`.
#[inline(always)]
pub fn suppressed<R>(f: impl FnOnce() -> R) -> R {
    f()
}

pin_project! {
    /// A future that runs in a context; here, in none.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct InContext<F> {
        #[pin]
        inner: Option<F>,
    }
}

impl<F> InContext<F> {
    #[inline(always)]
    pub(super) fn new(future: F) -> Self {
        Self { inner: Some(future) }
    }
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        poll_once(self.project().inner, cx)
    }
}
