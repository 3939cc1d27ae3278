//! A future in a context: its span and what goes along are there whenever it is polled.
//!
//! What the future sets of baggage is its own: it is kept here between polls.

use super::around::Around;
use super::carried::{self, Carrying};
use super::joined::Beside;
use super::pen;
use exo_trace_core::Current;
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

pin_project! {
    /// A future that runs in a context.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct InContext<F> {
        #[pin]
        inner: Option<F>,
        current: Option<Current>,
        around: Around,
    }

    impl<F> PinnedDrop for InContext<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                during(*this.current, this.around, || this.inner.set(None));
            }
        }
    }
}

impl<F> InContext<F> {
    /// Returns `future` inside a span, or where none is given in what is current when it is polled.
    pub(super) fn in_span(current: Option<Current>, future: F) -> Self {
        Self { inner: Some(future), current, around: Around::of(carried::current()) }
    }

    pub(super) fn new(current: Current, carrying: Carrying, future: F) -> Self {
        Self { inner: Some(future), current: Some(current), around: Around::of(carrying) }
    }
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        during(*this.current, this.around, || {
            let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Pending };
            let output = inner.poll(cx);
            if output.is_ready() {
                this.inner.set(None);
            }
            output
        })
    }
}

/// Runs `work` with a context current, in a panic no longer than that.
#[inline(always)]
fn during<R>(current: Option<Current>, around: &mut Around, work: impl FnOnce() -> R) -> R {
    // The thread may have no ring yet, or get none: then what is recorded here is counted.
    if current.is_some_and(|current| current.is_recording()) {
        pen::with(pen::Pen::is_ready);
    }
    let beside = around.enter(current);
    let turn = Turn { current, around, beside };
    let result = work();
    drop(turn);
    result
}

/// One poll: what was current before is so again when this is dropped.
struct Turn<'c> {
    current: Option<Current>,
    around: &'c mut Around,
    beside: Beside,
}

impl Drop for Turn<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        let beside = std::mem::take(&mut self.beside);
        self.around.leave(self.current, beside);
    }
}
