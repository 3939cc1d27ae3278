//! What goes along with a piece of work: the current span, to be taken to other threads and tasks.

use super::pen;
use exo_trace_core::{Current, SpanContext};
use pin_project_lite::pin_project;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

/// The current span, as something that can be kept, sent and made current elsewhere; with it the
/// [`Identity`](crate::Identity) of what begins below.
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
    current: Current,
}

impl Context {
    /// Returns the calling thread's context.
    pub fn current() -> Self {
        let current = pen::with(|pen| {
            let current = pen.current();
            if current.is_recorded() {
                pen.replace_current(current.foreign());
            }
            current
        });
        Self { current: current.unwrap_or(Current::NONE) }
    }

    /// Returns a context without a span and an identity: what begins in it begins a trace.
    pub fn empty() -> Self {
        Self { current: Current::NONE }
    }

    /// Returns the context of a span of another thread or process, with the identity that is attached
    /// here.
    pub fn of(span: SpanContext) -> Self {
        let identity = pen::with(|pen| pen.current().identity()).flatten();
        Self { current: Current::of(span).identified(identity) }
    }

    /// Returns the identity of the span in it.
    pub fn span_context(&self) -> Option<SpanContext> {
        self.current.span_context()
    }

    /// Tells whether nothing begins in it.
    pub(crate) fn is_suppressed(&self) -> bool {
        self.current.is_suppressed()
    }

    /// Makes the context current on this thread until the guard is dropped.
    pub fn attach(&self) -> Attached {
        Attached { within: Within::new(self.current) }
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
        InContext::new(self.current, future)
    }
}

/// A context that is current until this is dropped.
#[derive(Debug)]
#[must_use = "the context is current until this is dropped"]
pub struct Attached {
    #[expect(dead_code, reason = "it is there to be dropped")]
    within: Within,
}

/// Runs `f` with tracing switched off on this thread: for the tracer's own work.
pub fn suppressed<R>(f: impl FnOnce() -> R) -> R {
    let _within = Within::new(Current::SUPPRESSED);
    f()
}

/// Another current span for as long as this lives; puts the old one back even in a panic. With none
/// to make current, the old one stays.
#[derive(Debug)]
pub(super) struct Within {
    before: Option<Current>,
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
    pub(super) fn leave(mut self) -> Option<Current> {
        let before = self.before.take()?;
        pen::with(|pen| pen.put_back(before))
    }
}

impl Drop for Within {
    #[inline]
    fn drop(&mut self) {
        if let Some(before) = self.before {
            pen::with(|pen| pen.put_back(before));
        }
    }
}

pin_project! {
    /// A future that runs in a context.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct InContext<F> {
        #[pin]
        inner: Option<F>,
        current: Option<Current>,
    }

    impl<F> PinnedDrop for InContext<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                let _within = Within::new(*this.current);
                this.inner.set(None);
            }
        }
    }
}

impl<F> InContext<F> {
    pub(super) fn new(current: impl Into<Option<Current>>, future: F) -> Self {
        Self { inner: Some(future), current: current.into() }
    }
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let _within = Within::new(*this.current);
        let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Pending };
        let output = inner.poll(cx);
        if output.is_ready() {
            this.inner.set(None);
        }
        output
    }
}
