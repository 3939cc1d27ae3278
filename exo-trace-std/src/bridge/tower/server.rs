//! A span of each request that a server answers, below the caller's.

use super::{ResponseBody, ResponseFuture};
use crate::bridge::exchange::{
    Host, Method, Protocol, Side, Site, Watch, is_grpc, keys, name_of, redacted_query,
};
use crate::propagation::Propagators;
use crate::{Begun, Context, Exchange};
use exo_trace_core::Value;
use http::header::USER_AGENT;
use http::request::Parts;
use http::{Request, Response};
use http_body::Body;
use std::fmt::Display;
use std::net::SocketAddr;
use std::task::{self, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Makes a span of each request that a server answers.
///
/// ```
/// use exo_trace_std::bridge::tower::server;
/// use tower_layer::Layer;
///
/// let router = (); // any service of `http::Request`
/// let traced = server().route(|parts| parts.uri.path().starts_with("/users/").then_some("/users/{id}"));
/// let _service = traced.layer(router);
/// ```
pub const fn server() -> ServerLayer {
    ServerLayer {
        route: |_| None,
        client: |_| None,
        skip: |_| false,
        propagators: None,
        scheme: "http",
        has_query: false,
    }
}

/// A layer for servers; made by [`server()`].
///
/// Each request is taken by itself: what the thread worked on before has no part in it.
#[derive(Clone, Copy, Debug)]
#[must_use = "a layer does nothing until a service is inside it"]
pub struct ServerLayer {
    route: fn(&Parts) -> Option<&str>,
    client: fn(&Parts) -> Option<SocketAddr>,
    skip: fn(&Parts) -> bool,
    propagators: Option<Propagators>,
    scheme: &'static str,
    has_query: bool,
}

impl ServerLayer {
    /// Says where the pattern of the path is found: what the router matched, never the path itself.
    ///
    /// The span is named for it, `GET /users/{id}`, and says it as `http.route`.
    pub const fn route(self, route: fn(&Parts) -> Option<&str>) -> Self {
        Self { route, ..self }
    }

    /// Says where the client's address is found: `client.address` and `client.port`.
    pub const fn client(self, client: fn(&Parts) -> Option<SocketAddr>) -> Self {
        Self { client, ..self }
    }

    /// Leaves some requests without a span: those that ask whether the server is alive, say.
    ///
    /// They are answered in the caller's context all the same.
    pub const fn skip(self, skip: fn(&Parts) -> bool) -> Self {
        Self { skip, ..self }
    }

    /// Reads these formats instead of those that the process chose; [`Propagators::NONE`] for callers
    /// that are not trusted.
    pub const fn propagators(self, propagators: Propagators) -> Self {
        Self { propagators: Some(propagators), ..self }
    }

    /// Says that clients come over TLS, where the request does not say so itself.
    pub const fn https(self) -> Self {
        Self { scheme: "https", ..self }
    }

    /// Records `url.query` too, without the values of parameters that are known to be secrets.
    pub const fn query(self) -> Self {
        Self { has_query: true, ..self }
    }

    fn begin(&self, parts: &Parts) -> Option<Watch> {
        if Context::unmarked().is_suppressed() {
            return None;
        }
        let propagators = self.propagators.unwrap_or_else(Propagators::chosen);
        let _caller = propagators.extract_over(Context::empty(), &parts.headers).attach();
        let protocol = if is_grpc(&parts.headers) { Protocol::Grpc } else { Protocol::Http };
        if (self.skip)(parts) {
            let exchange = Exchange::without_span();
            return Some(Watch::new(exchange, Side::Server, protocol, &parts.method));
        }
        let (method, route) = (Method::of(&parts.method), (self.route)(parts));
        let site = Site::of(Side::Server, protocol, method, route.is_some());
        let mut exchange = Exchange::new(Begun::at(site));
        if exchange.is_recording() {
            match protocol {
                Protocol::Http => self.describe_request(&mut exchange, parts, method, route),
                Protocol::Grpc => {
                    let called = parts.uri.path().trim_start_matches('/');
                    exchange.say(&keys::RPC_METHOD, Value::Text(called));
                }
            }
            self.describe_connection(&mut exchange, parts);
        }
        Some(Watch::new(exchange, Side::Server, protocol, &parts.method))
    }

    fn describe_request(
        &self,
        exchange: &mut Exchange,
        parts: &Parts,
        method: Method,
        route: Option<&str>,
    ) {
        method.say(&parts.method, exchange);
        exchange.say(&keys::HTTP_ROUTE, route.map_or(Value::Empty, Value::Text));
        exchange.say(&keys::URL_PATH, Value::Text(parts.uri.path()));
        if self.has_query
            && let Some(query) = parts.uri.query()
        {
            exchange.say(&keys::URL_QUERY, Value::Text(&redacted_query(query)));
        }
        let scheme = parts.uri.scheme_str().unwrap_or(self.scheme);
        exchange.say(&keys::URL_SCHEME, Value::Text(scheme));
        if let Some(agent) = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()) {
            exchange.say(&keys::USER_AGENT_ORIGINAL, Value::Text(agent));
        }
    }

    fn describe_connection(&self, exchange: &mut Exchange, parts: &Parts) {
        if let Some(host) = Host::of(&parts.uri, &parts.headers) {
            host.say(parts.uri.scheme_str().unwrap_or(self.scheme), exchange);
        }
        if let Some(client) = (self.client)(parts) {
            let address = client.ip().to_string();
            exchange.say(&keys::CLIENT_ADDRESS, Value::Text(&address));
            exchange.say(&keys::CLIENT_PORT, Value::I64(i64::from(client.port())));
        }
        exchange.say_literal(&keys::NETWORK_PROTOCOL_VERSION, name_of(parts.version));
    }
}

impl<S> Layer<S> for ServerLayer {
    type Service = TracedServer<S>;

    fn layer(&self, inner: S) -> TracedServer<S> {
        TracedServer { inner, layer: *self }
    }
}

/// A service whose requests have spans; made by [`ServerLayer`].
#[derive(Clone, Copy, Debug)]
pub struct TracedServer<S> {
    inner: S,
    layer: ServerLayer,
}

impl<S, B, R> Service<Request<B>> for TracedServer<S>
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
        let (parts, body) = request.into_parts();
        let mut watch = self.layer.begin(&parts);
        let request = Request::from_parts(parts, body);
        let answer = Watch::during(watch.as_mut(), || self.inner.call(request));
        ResponseFuture::new(answer, watch)
    }
}
