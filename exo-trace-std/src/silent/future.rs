//! A future with no span around it.

use futures_core::future::FusedFuture;
use pin_project_lite::pin_project;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// A future with a span around it; here, with none.
    #[must_use = "futures do nothing unless polled"]
    pub struct Traced<F, N = ()> {
        #[pin]
        inner: Option<F>,
        failure: PhantomData<N>,
    }
}

/// Polls a future that is dropped with its output, and pending for ever afterwards.
#[inline(always)]
pub(super) fn poll_once<F: Future>(
    mut inner: Pin<&mut Option<F>>,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    let Some(future) = inner.as_mut().as_pin_mut() else { return Poll::Pending };
    let output = future.poll(cx);
    if output.is_ready() {
        inner.set(None);
    }
    output
}

impl<F, N> Traced<F, N> {
    #[inline(always)]
    pub(super) fn new(future: F) -> Self {
        Self { inner: Some(future), failure: PhantomData }
    }
}

impl<F: Future, N> Future for Traced<F, N> {
    type Output = F::Output;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        poll_once(self.project().inner, cx)
    }
}

impl<F: Future, N> FusedFuture for Traced<F, N> {
    #[inline(always)]
    fn is_terminated(&self) -> bool {
        self.inner.is_none()
    }
}

impl<F, N> fmt::Debug for Traced<F, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traced").finish_non_exhaustive()
    }
}
