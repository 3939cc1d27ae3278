//! A stream inside a span that covers its life, not its construction.
//!
//! The span is current while the stream is polled and never while its consumer works between items.
//! It says how many items came, how long the first one took and each after it. One that came as an error, the first
//! of them is told of, has failed, however it goes on and whether or not it is drained.

use super::begun::Begun;
use super::chunks::Chunks;
use super::facts::Facts;
use super::future::Judge;
use super::polled::Polled;
use exo_trace_core::Outcome;
use futures_core::stream::{FusedStream, Stream};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Looks for an error among the items, until there was one.
pub(super) struct Failures<N> {
    failure: N,
    has_any: bool,
}

impl<N> Failures<N> {
    pub(super) fn told_by(failure: N) -> Self {
        Self { failure, has_any: false }
    }

    /// Tells the span of the first item that is an error.
    #[inline(always)]
    pub(super) fn look_at<T>(&mut self, item: &T, facts: Facts)
    where
        N: Judge<T>,
    {
        if !self.has_any
            && let Some(failed) = self.failure.judge(item)
        {
            self.has_any = true;
            facts.fail(failed);
        }
    }

    /// Returns how the span ends that else ended in `outcome`.
    pub(super) fn or(&self, outcome: Outcome) -> Outcome {
        if self.has_any { Outcome::Error } else { outcome }
    }
}

pin_project! {
    /// A stream with a span around it.
    #[must_use = "streams do nothing unless polled"]
    pub struct TracedStream<S, N = ()> {
        #[pin]
        inner: Option<S>,
        polled: Polled,
        items: Chunks,
        failures: Failures<N>,
    }

    impl<S, N> PinnedDrop for TracedStream<S, N> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                this.polled.during(|_| this.inner.set(None));
                this.items.keep(this.polled);
                this.polled.end(this.failures.or(Outcome::Cancelled));
            }
        }
    }
}

impl<S, N> TracedStream<S, N> {
    pub(super) fn new(begun: Begun, stream: S, failure: N) -> Self {
        let failures = Failures::told_by(failure);
        Self { inner: Some(stream), polled: Polled::new(begun), items: Chunks::default(), failures }
    }
}

impl<S: Stream, N: Judge<S::Item>> Stream for TracedStream<S, N> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        let polled = this.polled.during(|facts| {
            let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Ready(None) };
            let Poll::Ready(item) = inner.poll_next(cx) else { return Poll::Pending };
            match &item {
                Some(item) => {
                    this.items.add(Chunks::now());
                    this.failures.look_at(item, facts);
                }
                None => this.inner.set(None),
            }
            Poll::Ready(item)
        });
        let Poll::Ready(item) = polled else { return Poll::Pending };
        if item.is_none() {
            this.items.keep(this.polled);
            this.polled.end(this.failures.or(Outcome::Ended));
        }
        Poll::Ready(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.as_ref().map_or((0, Some(0)), Stream::size_hint)
    }
}

impl<S: Stream, N: Judge<S::Item>> FusedStream for TracedStream<S, N> {
    fn is_terminated(&self) -> bool {
        self.inner.is_none()
    }
}

impl<S, N> fmt::Debug for TracedStream<S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedStream").field("polled", &self.polled).finish_non_exhaustive()
    }
}
