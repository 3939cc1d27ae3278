//! Requests to a collector that speaks gRPC.

use super::discreet::Discreet;
use super::failure::{self, Expected, Known};
use super::gathering::Gathering;
use super::lent::Lent;
use super::message::{self, Message};
use super::place::Place;
use super::{gateway, headers, reply, status, tls, zstd};
use crate::config::{Collector, Compression};
use crate::exporter::ExportError;
use crate::exporter::otlp::answer::Answer;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, TE};
use http::{HeaderMap, HeaderValue, Method, Request as HttpRequest, Uri, Version};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::error::Error;
use std::time::Duration;
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Status};

const EXPECTED: Expected = Expected {
    protocol: "gRPC",
    hint: "HTTP is usually on port 4318, and TLS wants https://",
    hint_behind_tls: "HTTP is usually on port 4318, and it may ask for a client certificate",
};

/// A ping more often than this helps nobody.
const PING_MIN: Duration = Duration::from_millis(20);

/// How much of an answer may be on its way before any of it is read: as HTTP/2 has it unless told.
const WINDOW_BYTES: u32 = 65_535;

type HyperClient = Client<HttpsConnector<Gathering>, Message>;

/// The way over gRPC.
pub(crate) struct Grpc {
    client: HyperClient,
    lent: Lent,
    uri: Uri,
    headers: HeaderMap,
    compression: Compression,
    discreet: Discreet,
    timeout: Duration,
    known: Known,
}

impl Grpc {
    pub(super) fn new(
        collector: &Collector,
        timeout: Duration,
        method: &'static str,
    ) -> Result<Self, ExportError> {
        let place = Place::of(collector)?;
        let headers = headers::of(collector, &place);
        let metadata = headers::as_metadata(headers.clone());
        let discreet = headers::secrets([&headers, &metadata], &place, []);
        let compression = collector.compression;
        zstd::check(compression)?;
        let headers = headers_of_call(metadata, timeout, compression);
        let lent = Lent::default();
        let client = hyper_client(collector, &place, timeout, lent.clone())?;
        let uri = place.of_method(method);
        let known = Known { is_tls: place.is_tls(), has_answered: false };
        Ok(Self { client, lent, uri, headers, compression, discreet, timeout, known })
    }

    pub(super) async fn send(&mut self, body: Bytes) -> Answer {
        let timeout = self.timeout;
        match tokio::time::timeout(timeout, self.call(body)).await {
            Ok(Ok(response)) => {
                self.known.has_answered = true;
                reply::accepted(&response, &self.discreet)
            }
            Ok(Err(status)) => self.answer_to(&status),
            Err(_) => failure::timed_out(timeout),
        }
    }

    async fn call(&mut self, body: Bytes) -> Result<Bytes, Status> {
        let (message, body) = message::written(body, self.compression)?;
        let _on_its_way = self.lent.lend(body);
        let mut request = HttpRequest::new(message);
        *request.version_mut() = Version::HTTP_2;
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        let response = self.client.request(request).await;
        let response = response.map_err(|error| Status::from_error(error.into()))?;
        message::read(gateway::fit(response)).await
    }

    /// A status with a source was made on this side, of a failure; one without was sent, or was made
    /// of an answer that tonic would not read.
    fn answer_to(&mut self, status: &Status) -> Answer {
        if let Some(error) = status.source() {
            return failure::answer_to(error, EXPECTED, self.known, &self.discreet);
        }
        self.known.has_answered = true;
        if status.code() == Code::OutOfRange && !gateway::was_sent(status) {
            // Longer than tonic reads: the answer, and not the request, which was taken.
            return reply::unreadable();
        }
        status::answer_to(status, &self.discreet)
    }
}

/// Returns a client that connects when it must, and again when the collector was away.
///
/// While a request waits, half of its timeout without a byte asks for a sign of life, and a quarter
/// more without one closes the connection: the next request gets a new one, where a network that
/// drops packets in silence would hold it for a quarter of an hour. Nothing is asked of an idle
/// connection, for which servers close it.
fn hyper_client(
    collector: &Collector,
    place: &Place,
    timeout: Duration,
    lent: Lent,
) -> Result<HyperClient, ExportError> {
    let configuration = tls::configuration(collector, place, b"h2")?;
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(timeout));
    let tcp = Gathering::new(tcp, lent);
    Ok(Client::builder(TokioExecutor::new())
        .http2_only(true)
        .http2_initial_stream_window_size(WINDOW_BYTES)
        .http2_initial_connection_window_size(WINDOW_BYTES)
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .http2_keep_alive_interval((timeout / 2).max(PING_MIN))
        .http2_keep_alive_timeout((timeout / 4).max(PING_MIN))
        .build(HttpsConnector::from((tcp, configuration))))
}

/// Adds what every call says of itself.
fn headers_of_call(metadata: HeaderMap, timeout: Duration, compression: Compression) -> HeaderMap {
    let mut call = Request::new(());
    *call.metadata_mut() = MetadataMap::from_headers(metadata);
    call.set_timeout(timeout);
    let mut headers = call.into_parts().0.into_headers();
    headers.insert(TE, HeaderValue::from_static("trailers"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    if compression != Compression::None {
        headers.insert("grpc-encoding", HeaderValue::from_static(compression.as_str()));
    }
    headers
}
