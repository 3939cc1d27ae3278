//! A stream inside a span that covers its life, not its construction.
//!
//! The span is current while the stream is polled and never while its consumer works between items.
//! It says how many items came and how long the first one took.

use super::begun::Begun;
use super::polled::Polled;
use crate::clock::HostClock;
use crate::keys;
use exo_trace_core::{Clock, Outcome};
use futures_core::stream::{FusedStream, Stream};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};

/// How many items came, and when the first one did.
#[derive(Debug, Default)]
pub(super) struct Items {
    count: u64,
    first_ticks: Option<u64>,
}

impl Items {
    pub(super) fn add_one(&mut self) {
        if self.count == 0 {
            self.first_ticks = Some(HostClock.ticks());
        }
        self.count += 1;
    }

    pub(super) fn write(&self, polled: &mut Polled) {
        let Some(start) = polled.open_mut().map(|open| open.start_ticks()) else { return };
        polled.keep(&keys::STREAM_ITEMS, self.count);
        if let Some(first) = self.first_ticks {
            let wait = HostClock::between(start, first).as_secs_f64();
            polled.keep(&keys::STREAM_TIME_TO_FIRST_ITEM, wait);
        }
    }
}

pin_project! {
    /// A stream with a span around it.
    #[derive(Debug)]
    #[must_use = "streams do nothing unless polled"]
    pub struct TracedStream<S> {
        #[pin]
        inner: Option<S>,
        polled: Polled,
        items: Items,
    }

    impl<S> PinnedDrop for TracedStream<S> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                {
                    let _turn = this.polled.turn();
                    this.inner.set(None);
                }
                this.items.write(this.polled);
                this.polled.end(Outcome::Cancelled);
            }
        }
    }
}

impl<S> TracedStream<S> {
    pub(super) fn new(begun: Begun, stream: S) -> Self {
        Self::over(Polled::new(begun), stream)
    }

    pub(super) fn over(polled: Polled, stream: S) -> Self {
        Self { inner: Some(stream), polled, items: Items::default() }
    }
}

impl<S: Stream> Stream for TracedStream<S> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        let turn = this.polled.turn();
        let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let Poll::Ready(item) = inner.poll_next(cx) else { return Poll::Pending };
        if item.is_some() {
            this.items.add_one();
        } else {
            this.inner.set(None);
        }
        drop(turn);
        if item.is_none() {
            this.items.write(this.polled);
            this.polled.end(Outcome::Ended);
        }
        Poll::Ready(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.as_ref().map_or((0, Some(0)), Stream::size_hint)
    }
}

impl<S: Stream> FusedStream for TracedStream<S> {
    fn is_terminated(&self) -> bool {
        self.inner.is_none()
    }
}
