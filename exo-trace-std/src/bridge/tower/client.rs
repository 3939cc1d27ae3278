//! A span of each request that a client sends, and its context in the headers.

use super::{ResponseBody, ResponseFuture};
use crate::bridge::exchange::{Watch, ask};
use crate::propagation::Propagators;
use http::uri::Uri;
use http::{Request, Response};
use http_body::Body;
use std::fmt::Display;
use std::sync::Arc;
use std::task::{self, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Makes a span of each request that a client sends, and writes its context into the headers.
///
/// ```
/// use exo_trace_std::bridge::tower::client;
/// use tower_layer::Layer;
///
/// let connection = (); // any service of `http::Request`
/// let _service = client().layer(connection);
/// ```
pub const fn client() -> ClientLayer {
    ClientLayer { origin: None, propagators: None }
}

/// A layer for clients; made by [`client()`].
#[derive(Clone, Debug)]
#[must_use = "a layer does nothing until a service is inside it"]
pub struct ClientLayer {
    origin: Option<Arc<Uri>>,
    propagators: Option<Propagators>,
}

impl ClientLayer {
    /// Says where requests go whose address is a path alone: those of tonic's clients, whose channel
    /// knows the rest.
    pub fn origin(self, origin: Uri) -> Self {
        Self { origin: Some(Arc::new(origin)), ..self }
    }

    /// Writes these formats instead of those that the process chose; [`Propagators::NONE`] for servers
    /// that shall not know.
    pub const fn propagators(mut self, propagators: Propagators) -> Self {
        self.propagators = Some(propagators);
        self
    }
}

impl<S> Layer<S> for ClientLayer {
    type Service = TracedClient<S>;

    fn layer(&self, inner: S) -> TracedClient<S> {
        TracedClient { inner, layer: self.clone() }
    }
}

/// A service whose requests have spans; made by [`ClientLayer`].
#[derive(Clone, Debug)]
pub struct TracedClient<S> {
    inner: S,
    layer: ClientLayer,
}

impl<S, B, R> Service<Request<B>> for TracedClient<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Display,
    R: Body,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (mut parts, body) = request.into_parts();
        let origin = self.layer.origin.as_deref();
        let propagators = self.layer.propagators.unwrap_or_else(Propagators::chosen);
        let mut watch = ask(&parts.method, &parts.uri, origin, &mut parts.headers, propagators);
        let request = Request::from_parts(parts, body);
        let answer = Watch::during(watch.as_mut(), || self.inner.call(request));
        ResponseFuture::new(answer, watch)
    }
}
