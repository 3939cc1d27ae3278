//! A future that hands nothing back with its output.

use super::begun::Begun;
use super::future::poll_once;
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// A future whose span outlives it; here, there is none.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Held<F> {
        #[pin]
        inner: Option<F>,
    }
}

impl<F> Held<F> {
    #[inline(always)]
    pub(super) fn new(future: F) -> Self {
        Self { inner: Some(future) }
    }
}

impl<F: Future> Future for Held<F> {
    type Output = (F::Output, Begun);

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        poll_once(self.project().inner, cx).map(|output| (output, Begun::none()))
    }
}
