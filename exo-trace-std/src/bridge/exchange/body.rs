//! The body of an answer: its request's span is current whenever it is polled, and ends with it.
//!
//! Nobody need ask a body for its end: HTTP knows it from the length, and drops the body where that is
//! reached. So does this one.

use super::watch::{Protocol, Watch};
use bytes::Buf;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The body of an answer whose request has a span.
    ///
    /// The span ends with the last frame. A body that is dropped before leaves it cancelled, unless a
    /// client never asked for any of it: whoever looks at the status alone has the answer. Adds no
    /// allocation.
    #[derive(Debug)]
    #[must_use = "bodies do nothing unless polled"]
    pub struct ResponseBody<B> {
        #[pin]
        inner: Option<B>,
        // None where the request has no span, or the span has ended.
        watch: Option<Watch>,
        // How many bytes are to come, where that is known.
        left: Option<u64>,
    }

    impl<B> PinnedDrop for ResponseBody<B> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(watch) = this.watch {
                Watch::during(Some(watch), || this.inner.set(None));
                watch.left();
            }
        }
    }
}

impl<B: Body> ResponseBody<B> {
    pub(in crate::bridge) fn unwatched(inner: B) -> Self {
        Self { inner: Some(inner), watch: None, left: None }
    }

    pub(in crate::bridge) fn watched(inner: B, mut watch: Watch, headers: &HeaderMap) -> Self {
        let left = match watch.protocol() {
            // Trailers follow what has a length.
            Protocol::Grpc => None,
            Protocol::Http => length(headers).or_else(|| inner.size_hint().exact()),
        };
        if inner.is_end_stream() || left == Some(0) {
            watch.end();
            return Self::unwatched(inner);
        }
        Self { inner: Some(inner), watch: Some(watch), left }
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl<B> Body for ResponseBody<B>
where
    B: Body,
    B::Error: Display,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let Some(mut inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let Some(watch) = this.watch else { return inner.poll_frame(cx) };
        watch.body_begins();
        let frame = ready!(Watch::during(Some(watch), || inner.as_mut().poll_frame(cx)));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    watch.trailed(trailers);
                    *this.left = Some(0);
                } else if let (Some(data), Some(left)) = (frame.data_ref(), this.left.as_mut()) {
                    *left = left.saturating_sub(data.remaining() as u64);
                }
                if *this.left == Some(0) || inner.is_end_stream() {
                    watch.end();
                    *this.watch = None;
                }
            }
            Some(Err(error)) => {
                watch.failed(std::any::type_name::<B::Error>(), error);
                *this.watch = None;
            }
            None => {
                watch.end();
                *this.watch = None;
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or(SizeHint::with_exact(0), Body::size_hint)
    }
}
