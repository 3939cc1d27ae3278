//! A span that never begins: what the macros fill with attributes when there is nothing to fill.

use super::future::Traced;
use super::guard::SpanGuard;
use super::held::Held;
use super::iterator::TracedIterator;
use super::span::Span;
use super::stream::TracedStream;
use crate::AttributeSource;
use exo_trace_core::{Callsite, Field, InternedKey};
use std::borrow::Cow;
use std::convert::Infallible;
use std::panic::Location;

/// A span that has begun; in this build, none ever has.
#[derive(Debug)]
#[must_use = "a span that is not entered says nothing"]
pub struct Begun(());

impl Begun {
    #[inline(always)]
    pub(super) const fn none() -> Self {
        Self(())
    }

    /// Begins nothing.
    #[inline(always)]
    pub fn at(_callsite: &'static Callsite) -> Self {
        Self::none()
    }

    /// Begins nothing.
    #[inline(always)]
    pub fn coarse_at(_callsite: &'static Callsite) -> Self {
        Self::none()
    }

    /// Begins nothing.
    #[inline(always)]
    pub fn measured_at(_callsite: &'static Callsite) -> Self {
        Self::none()
    }

    /// Returns `false`, so that the attributes are never evaluated.
    #[inline(always)]
    pub fn is_recording(&self) -> bool {
        false
    }

    /// Takes no attributes.
    #[inline(always)]
    pub fn recorded(&mut self) -> Option<&mut Infallible> {
        None
    }

    /// Forgets the attribute.
    #[inline(always)]
    pub fn put(&mut self, _key: &'static InternedKey, _field: Field<'_>) {}

    /// Returns a guard of nothing.
    #[inline(always)]
    pub fn enter(self) -> SpanGuard {
        SpanGuard::new()
    }

    /// As [`Begun::enter`].
    #[inline(always)]
    pub fn enter_unrecorded(self) -> SpanGuard {
        self.enter()
    }

    /// Returns `future` with nothing around it.
    #[inline(always)]
    pub fn future<F: Future>(self, future: F) -> Traced<F> {
        Traced::new(future)
    }

    /// Returns `future` itself: nobody asks it whether it has ended.
    #[inline(always)]
    pub fn awaited<F: Future>(self, future: F) -> F {
        future
    }

    /// Returns `future` with nothing around it; nobody looks at the output.
    #[inline(always)]
    pub fn future_with<F, N>(self, future: F, _failure: N) -> Traced<F, N>
    where
        F: Future,
        N: for<'a> Fn(&'a F::Output) -> Option<crate::Failed<'a>>,
    {
        Traced::new(future)
    }

    /// Returns `future` with nothing around it; hands this back with the output.
    #[inline(always)]
    pub fn held<F: Future>(self, future: F) -> Held<F> {
        Held::new(future)
    }

    /// Returns `stream` with nothing around it.
    #[inline(always)]
    pub fn stream<S: futures_core::Stream>(self, stream: S) -> TracedStream<S> {
        TracedStream::new(stream)
    }

    /// Returns `stream` with nothing around it; nobody looks at the items.
    #[inline(always)]
    pub fn stream_with<S, N>(self, stream: S, _failure: N) -> TracedStream<S, N>
    where
        S: futures_core::Stream,
        N: for<'a> Fn(&'a S::Item) -> Option<crate::Failed<'a>>,
    {
        TracedStream::new(stream)
    }

    /// Returns `iterator` with nothing around it.
    #[inline(always)]
    pub fn iterator<I: Iterator>(self, iterator: I) -> TracedIterator<I> {
        TracedIterator::new(iterator)
    }

    /// Returns `iterator` with nothing around it; nobody looks at the items.
    #[inline(always)]
    pub fn iterator_with<I, N>(self, iterator: I, _failure: N) -> TracedIterator<I, N>
    where
        I: Iterator,
        N: for<'a> Fn(&'a I::Item) -> Option<crate::Failed<'a>>,
    {
        TracedIterator::new(iterator)
    }

    /// Returns an owned span of nothing.
    #[inline(always)]
    pub fn span(self) -> Span {
        Span::none()
    }

    /// Runs `f`.
    #[inline(always)]
    pub fn scope<R>(&self, f: impl FnOnce() -> R) -> R {
        f()
    }
}

impl Drop for Begun {
    #[inline(always)]
    fn drop(&mut self) {}
}

/// Begins nothing.
#[inline(always)]
pub(crate) fn begin_named(
    _name: Cow<'static, str>,
    _attributes: impl AttributeSource,
    _place: &'static Location<'static>,
) -> Begun {
    Begun::none()
}

/// Begins nothing.
#[inline(always)]
pub(crate) fn begin_measured(
    _name: Cow<'static, str>,
    _attributes: impl AttributeSource,
    _place: &'static Location<'static>,
) -> Begun {
    Begun::none()
}
