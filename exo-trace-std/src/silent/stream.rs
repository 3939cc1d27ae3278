//! A stream with no span around it.

use futures_core::Stream;
use futures_core::stream::FusedStream;
use pin_project_lite::pin_project;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// A stream with a span around it; here, with none.
    #[must_use = "streams do nothing unless polled"]
    pub struct TracedStream<S, N = ()> {
        #[pin]
        inner: Option<S>,
        failure: PhantomData<N>,
    }
}

impl<S, N> TracedStream<S, N> {
    #[inline(always)]
    pub(super) fn new(stream: S) -> Self {
        Self { inner: Some(stream), failure: PhantomData }
    }
}

impl<S: Stream, N> Stream for TracedStream<S, N> {
    type Item = S::Item;

    #[inline(always)]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut inner = self.project().inner;
        let Some(stream) = inner.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let item = stream.poll_next(cx);
        if matches!(item, Poll::Ready(None)) {
            inner.set(None);
        }
        item
    }

    #[inline(always)]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.as_ref().map_or((0, Some(0)), Stream::size_hint)
    }
}

impl<S: Stream, N> FusedStream for TracedStream<S, N> {
    #[inline(always)]
    fn is_terminated(&self) -> bool {
        self.inner.is_none()
    }
}

impl<S, N> fmt::Debug for TracedStream<S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedStream").finish_non_exhaustive()
    }
}
