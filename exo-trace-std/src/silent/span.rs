//! An owned span that never was.

use super::context::InContext;
use super::current_span::CurrentSpan;
use super::facts::fact_methods;
use super::future::Traced;
use crate::{AttributeSource, Status};
use exo_trace_core::{SpanContext, Value};
use std::borrow::Cow;

/// A span that is owned and not current; here, none.
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
pub struct Span(());

impl Span {
    #[inline(always)]
    pub(super) const fn none() -> Self {
        Self(())
    }

    /// Begins nothing.
    #[inline(always)]
    pub fn start(_name: impl Into<Cow<'static, str>>, _attributes: impl AttributeSource) -> Self {
        Self(())
    }

    /// Begins nothing.
    #[inline(always)]
    pub fn child(
        &self,
        _name: impl Into<Cow<'static, str>>,
        _attributes: impl AttributeSource,
    ) -> Self {
        Self(())
    }

    /// Returns a handle of nothing.
    #[inline(always)]
    pub fn current() -> CurrentSpan {
        CurrentSpan::default()
    }

    /// Ends nothing.
    #[inline(always)]
    pub fn end(self) {}

    /// Runs `f`.
    #[inline(always)]
    pub fn in_scope<R>(&self, f: impl FnOnce() -> R) -> R {
        f()
    }

    /// Returns `future` with nothing around it.
    #[inline(always)]
    pub fn instrument<F: Future>(&self, future: F) -> InContext<F> {
        InContext::new(future)
    }

    fact_methods!();
}

impl Drop for Span {
    #[inline(always)]
    fn drop(&mut self) {}
}

/// Lets a future run inside a span; here, as it is.
pub trait TraceFuture: Future + Sized {
    /// Returns the future with nothing around it.
    #[inline(always)]
    fn traced(self, _name: impl Into<Cow<'static, str>>) -> Traced<Self> {
        Traced::new(self)
    }

    /// Returns the future with nothing around it.
    #[inline(always)]
    fn in_span(self, span: &Span) -> InContext<Self> {
        span.instrument(self)
    }
}

impl<F: Future> TraceFuture for F {}
