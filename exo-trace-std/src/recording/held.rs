//! A future that hands its span back with its output: for spans that go on after an await.

use super::begun::Begun;
use super::polled::Polled;
use exo_trace_core::Outcome;
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// A future whose span outlives it: the first half of a stream that has to be awaited, say.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Held<F> {
        #[pin]
        inner: Option<F>,
        polled: Polled,
    }

    impl<F> PinnedDrop for Held<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                this.polled.during(|_| this.inner.set(None));
                this.polled.end(Outcome::Cancelled);
            }
        }
    }
}

impl<F> Held<F> {
    pub(super) fn new(begun: Begun, future: F) -> Self {
        Self { inner: Some(future), polled: Polled::new(begun) }
    }
}

impl<F: Future> Future for Held<F> {
    type Output = (F::Output, Begun);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let polled = this.polled.during(|_| {
            let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Pending };
            let output = inner.poll(cx);
            if output.is_ready() {
                this.inner.set(None);
            }
            output
        });
        let Poll::Ready(output) = polled else { return Poll::Pending };
        Poll::Ready((output, this.polled.take_begun()))
    }
}
