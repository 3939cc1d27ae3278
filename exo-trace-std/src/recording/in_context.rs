//! A future in a context: its span and what goes along are there whenever it is polled.
//!
//! What the future sets of baggage is its own: it is kept here between polls.

use super::carried::{self, Carrying};
use super::pen;
use super::within::Within;
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
        carrying: Carrying,
    }

    impl<F> PinnedDrop for InContext<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                let _turn = Turn::new(*this.current, this.carrying);
                this.inner.set(None);
            }
        }
    }
}

impl<F> InContext<F> {
    /// Returns `future` inside a span, or where none is given in what is current when it is polled.
    pub(super) fn in_span(current: Option<Current>, future: F) -> Self {
        Self { inner: Some(future), current, carrying: carried::current() }
    }

    pub(super) fn new(current: Current, carrying: Carrying, future: F) -> Self {
        Self { inner: Some(future), current: Some(current), carrying }
    }
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let _turn = Turn::new(*this.current, this.carrying);
        let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Pending };
        let output = inner.poll(cx);
        if output.is_ready() {
            this.inner.set(None);
        }
        output
    }
}

/// One poll: the context is current until this is dropped, in a panic too.
struct Turn<'c> {
    #[expect(dead_code, reason = "it is there to be dropped")]
    within: Within,
    /// What is carried around it meanwhile.
    carrying: &'c mut Carrying,
}

impl<'c> Turn<'c> {
    #[inline]
    fn new(current: Option<Current>, carrying: &'c mut Carrying) -> Self {
        let within = Within::new(current);
        pen::with(|pen| pen.hold().exchange(carrying));
        Self { within, carrying }
    }
}

impl Drop for Turn<'_> {
    #[inline]
    fn drop(&mut self) {
        pen::with(|pen| pen.hold().exchange(self.carrying));
    }
}
