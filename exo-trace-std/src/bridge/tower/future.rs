//! The answer to a request, awaited: its span is current meanwhile, and goes on with the body.

use crate::bridge::exchange::{ResponseBody, Watch, Watched, answered};
use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The future of an answer whose request has a span.
    ///
    /// Dropped before it is ready, it leaves the span cancelled; the inner future is dropped inside it.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: Watched<F>,
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn new(inner: F, watch: Option<Watch>) -> Self {
        Self { inner: Watched::new(inner, watch) }
    }
}

impl<F, B, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
    E: Display,
{
    type Output = Result<Response<ResponseBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(self.project().inner.poll(cx)) {
            (Ok(response), watch) => Ok(answered(response, watch)),
            (Err(error), watch) => {
                if let Some(mut watch) = watch {
                    watch.failed(std::any::type_name::<E>(), &error);
                }
                Err(error)
            }
        })
    }
}
