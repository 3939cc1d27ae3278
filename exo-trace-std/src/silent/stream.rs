//! A stream with no span around it.

use futures_core::Stream;
use futures_core::stream::FusedStream;
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// A stream with a span around it; here, with none.
    #[derive(Debug)]
    #[must_use = "streams do nothing unless polled"]
    pub struct TracedStream<S> {
        #[pin]
        inner: Option<S>,
    }
}

impl<S> TracedStream<S> {
    #[inline(always)]
    pub(super) fn new(stream: S) -> Self {
        Self { inner: Some(stream) }
    }
}

impl<S: Stream> Stream for TracedStream<S> {
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

impl<S: Stream> FusedStream for TracedStream<S> {
    #[inline(always)]
    fn is_terminated(&self) -> bool {
        self.inner.is_none()
    }
}
