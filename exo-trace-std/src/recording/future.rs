//! A future inside a span: current while it is polled, ended with it.

use super::begun::Begun;
use super::polled::Polled;
use crate::Failed;
use exo_trace_core::Outcome;
use futures_core::future::FusedFuture;
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// A future with a span around it.
    ///
    /// The span is current only while the future is polled. It begins with the first poll and ends
    /// with the output, or as cancelled when the future is dropped before. The inner future is
    /// dropped inside the span. No poll allocates.
    #[must_use = "futures do nothing unless polled"]
    pub struct Traced<F, N = ()> {
        #[pin]
        inner: Option<F>,
        polled: Polled,
        failure: N,
    }

    impl<F, N> PinnedDrop for Traced<F, N> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                this.polled.during(|_| this.inner.set(None));
                this.polled.end(Outcome::Cancelled);
            }
        }
    }
}

/// Looks at an output, or at an item, before its span ends.
pub trait Judge<T> {
    /// Returns what went wrong, if anything did.
    fn judge<'t>(&self, output: &'t T) -> Option<Failed<'t>>;
}

impl<T> Judge<T> for () {
    #[inline(always)]
    fn judge<'t>(&self, _: &'t T) -> Option<Failed<'t>> {
        None
    }
}

impl<T, N: for<'a> Fn(&'a T) -> Option<Failed<'a>>> Judge<T> for N {
    #[inline(always)]
    fn judge<'t>(&self, output: &'t T) -> Option<Failed<'t>> {
        self(output)
    }
}

impl<F> Traced<F> {
    pub(super) fn plain(begun: Begun, future: F) -> Self {
        Self { inner: Some(future), polled: Polled::new(begun), failure: () }
    }
}

impl<F, N> Traced<F, N> {
    pub(super) fn new(begun: Begun, future: F, failure: N) -> Self {
        Self { inner: Some(future), polled: Polled::new(begun), failure }
    }
}

impl<F: Future, N: Judge<F::Output>> Future for Traced<F, N> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let polled = this.polled.during(|facts| {
            // Polled after its end, which a future may answer as it likes; this one waits for ever.
            let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Pending };
            let Poll::Ready(output) = inner.poll(cx) else { return Poll::Pending };
            this.inner.set(None);
            let failed = this.failure.judge(&output);
            let outcome = if failed.is_some() { Outcome::Error } else { Outcome::Ended };
            if let Some(failed) = failed {
                facts.fail(failed);
            }
            Poll::Ready((output, outcome))
        });
        let Poll::Ready((output, outcome)) = polled else { return Poll::Pending };
        this.polled.end(outcome);
        Poll::Ready(output)
    }
}

impl<F: Future, N: Judge<F::Output>> FusedFuture for Traced<F, N> {
    fn is_terminated(&self) -> bool {
        self.inner.is_none()
    }
}

impl<F, N> fmt::Debug for Traced<F, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traced").field("polled", &self.polled).finish_non_exhaustive()
    }
}
