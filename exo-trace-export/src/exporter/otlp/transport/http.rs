//! Requests to a collector that speaks HTTP.

use super::discreet::Discreet;
use super::failure::{self, Expected, Known};
use super::gathering::Gathering;
use super::lent::Lent;
use super::place::Place;
use super::route::Route;
use super::{compress, headers, proxies, response, tls, zstd};
use crate::config::{Collector, Compression, Protocol, process_environment};
use crate::exporter::ExportError;
use crate::exporter::otlp::answer::Answer;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, PROXY_AUTHORIZATION};
use http::{HeaderMap, HeaderValue, Method, Request, Response, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::time::{Duration, Instant};

const EXPECTED: Expected = Expected {
    protocol: "HTTP/1.1",
    hint: "gRPC is usually on port 4317, and TLS wants https://",
    hint_behind_tls: "gRPC is usually on port 4317, and it may ask for a client certificate",
};

type HyperClient = Client<HttpsConnector<Route>, Full<Bytes>>;

/// The way over HTTP.
pub(crate) struct Http {
    client: HyperClient,
    lent: Lent,
    /// The URL without user and password.
    uri: Uri,
    headers: HeaderMap,
    compression: Compression,
    discreet: Discreet,
    timeout: Duration,
    known: Known,
}

impl Http {
    pub(super) fn new(collector: &Collector, timeout: Duration) -> Result<Self, ExportError> {
        Self::through(&Matcher::from_system(), collector, timeout)
    }

    /// As [`Http::new`], through the proxy that `proxies` name for this collector, if any.
    pub(super) fn through(
        proxies: &Matcher,
        collector: &Collector,
        timeout: Duration,
    ) -> Result<Self, ExportError> {
        zstd::check(collector.compression)?;
        let place = Place::of(collector)?;
        let mut headers = headers::of(collector, &place);
        let discreet = headers::secrets([&headers], &place, proxies::secrets(&process_environment));
        let lent = Lent::default();
        let proxy = proxies.intercept(&place.uri);
        let (client, login) = hyper_client(collector, &place, timeout, lent.clone(), proxy)?;
        headers.extend(login.map(|login| (PROXY_AUTHORIZATION, login)));
        let compression = collector.compression;
        add_form(&mut headers, collector.protocol, compression);
        let known = Known { is_tls: place.is_tls(), has_answered: false };
        let uri = place.uri;
        Ok(Self { client, lent, uri, headers, compression, discreet, timeout, known })
    }

    pub(super) async fn send(&mut self, body: Bytes) -> Answer {
        let began = Instant::now();
        let body = match compress::compress(self.compression, body) {
            Ok(body) => body,
            Err(error) => {
                return Answer::Refused { reason: format!("can not be compressed: {error}") };
            }
        };
        let _on_its_way = self.lent.lend(body.clone());
        match tokio::time::timeout(self.timeout, self.post(body)).await {
            Ok(Ok(response)) => {
                self.known.has_answered = true;
                let left = self.timeout.saturating_sub(began.elapsed());
                response::answer_of(response, left, &self.discreet).await
            }
            Ok(Err(error)) => failure::answer_to(&error, EXPECTED, self.known, &self.discreet),
            Err(_) => failure::timed_out(self.timeout),
        }
    }

    /// Who says that spans go elsewhere is this program's configuration alone: a redirect is an answer.
    async fn post(&self, body: Bytes) -> Result<Response<Incoming>, Error> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        self.client.request(request).await
    }
}

/// Returns a client that connects when it must, and what a proxy wants to see in every request.
fn hyper_client(
    collector: &Collector,
    place: &Place,
    timeout: Duration,
    lent: Lent,
    proxy: Option<Intercept>,
) -> Result<(HyperClient, Option<HeaderValue>), ExportError> {
    let configuration = tls::configuration(collector, place, b"http/1.1")?;
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(timeout));
    let (route, login) = Route::to(place, proxy, Gathering::new(tcp, lent), &configuration);
    let client = Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .build(HttpsConnector::from((route, configuration)));
    Ok((client, login))
}

/// Adds what every request says of its body, and of the answer: nothing is asked to be compressed.
fn add_form(headers: &mut HeaderMap, protocol: Protocol, compression: Compression) {
    let form = match protocol {
        Protocol::HttpJson => "application/json",
        Protocol::HttpProtobuf | Protocol::Grpc => "application/x-protobuf",
    };
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(form));
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    if compression != Compression::None {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(compression.as_str()));
    }
}
