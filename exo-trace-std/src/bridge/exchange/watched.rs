//! A future that is watched: its request's span is current meanwhile, and goes on with the answer's body.

use super::body::ResponseBody;
use super::watch::Watch;
use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// A future that is watched, and hands the watch over with its output.
    #[derive(Debug)]
    pub(in crate::bridge) struct Watched<F> {
        #[pin]
        inner: Option<F>,
        // None where the request has no span.
        watch: Option<Watch>,
    }

    impl<F> PinnedDrop for Watched<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                Watch::during(this.watch.as_mut(), || this.inner.set(None));
            }
        }
    }
}

impl<F> Watched<F> {
    pub(in crate::bridge) fn new(inner: F, watch: Option<Watch>) -> Self {
        Self { inner: Some(inner), watch }
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = (F::Output, Option<Watch>);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let polled = Watch::during(this.watch.as_mut(), || {
            // Polled after its end, which a future may answer as it likes; this one waits for ever.
            let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Pending };
            let output = inner.poll(cx);
            if output.is_ready() {
                this.inner.set(None);
            }
            output
        });
        polled.map(|output| (output, this.watch.take()))
    }
}

/// Returns an answer whose body is watched to its end.
pub(in crate::bridge) fn answered<B: Body>(
    response: Response<B>,
    watch: Option<Watch>,
) -> Response<ResponseBody<B>> {
    let (parts, body) = response.into_parts();
    let body = match watch {
        None => ResponseBody::unwatched(body),
        Some(mut watch) => {
            if watch.answered(parts.status, parts.version, &parts.headers) {
                ResponseBody::watched(body, watch, &parts.headers)
            } else {
                watch.end();
                ResponseBody::unwatched(body)
            }
        }
    };
    Response::from_parts(parts, body)
}
