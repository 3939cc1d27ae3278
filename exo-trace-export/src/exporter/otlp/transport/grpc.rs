//! Requests to a collector that speaks gRPC.

use super::discreet::Discreet;
use super::failure::{self, Expected, Known};
use super::place::Place;
use super::raw_codec::RawCodec;
use super::{gateway, headers, reply, status, tls, zstd};
use crate::config::{Collector, Compression};
use crate::exporter::ExportError;
use crate::exporter::otlp::answer::Answer;
use bytes::Bytes;
use http::Response as HttpResponse;
use http::uri::PathAndQuery;
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::error::Error;
use std::time::Duration;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Response, Status};
use tower::util::MapResponse;

const EXPECTED: Expected = Expected {
    protocol: "gRPC",
    hint: "HTTP is usually on port 4318, and TLS wants https://",
    hint_behind_tls: "HTTP is usually on port 4318, and it may ask for a client certificate",
};

/// A ping more often than this helps nobody.
const PING_MIN: Duration = Duration::from_millis(20);

type HyperClient = Client<HttpsConnector<HttpConnector>, Body>;
type Fitting = fn(HttpResponse<Incoming>) -> HttpResponse<gateway::Fit>;

/// The way over gRPC.
pub(crate) struct Grpc {
    client: tonic::client::Grpc<MapResponse<HyperClient, Fitting>>,
    method: PathAndQuery,
    metadata: MetadataMap,
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
        let discreet = headers::secrets(&headers, &place);
        let client = hyper_client(collector, &place, timeout)?;
        let client = MapResponse::new(client, gateway::fit as Fitting);
        let client = tonic::client::Grpc::with_origin(client, place.origin());
        let client = match encoding(collector.compression)? {
            Some(encoding) => client.send_compressed(encoding),
            None => client,
        };
        let metadata = MetadataMap::from_headers(headers::as_metadata(headers));
        let known = Known { is_tls: place.is_tls(), has_answered: false };
        let method = PathAndQuery::from_static(method);
        Ok(Self { client, method, metadata, discreet, timeout, known })
    }

    pub(super) async fn send(&mut self, body: Bytes) -> Answer {
        let timeout = self.timeout;
        match tokio::time::timeout(timeout, self.call(body)).await {
            Ok(Ok(response)) => {
                self.known.has_answered = true;
                reply::accepted(response.get_ref(), &self.discreet)
            }
            Ok(Err(status)) => self.answer_to(&status),
            Err(_) => failure::timed_out(timeout),
        }
    }

    async fn call(&mut self, body: Bytes) -> Result<Response<Bytes>, Status> {
        self.client.ready().await.map_err(|error| Status::from_error(error.into()))?;
        let mut request = Request::new(body);
        *request.metadata_mut() = self.metadata.clone();
        request.set_timeout(self.timeout);
        self.client.unary(request, self.method.clone(), RawCodec).await
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
) -> Result<HyperClient, ExportError> {
    let configuration = tls::configuration(collector, place, b"h2")?;
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(timeout));
    Ok(Client::builder(TokioExecutor::new())
        .http2_only(true)
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .http2_keep_alive_interval((timeout / 2).max(PING_MIN))
        .http2_keep_alive_timeout((timeout / 4).max(PING_MIN))
        .build(HttpsConnector::from((tcp, configuration))))
}

fn encoding(compression: Compression) -> Result<Option<CompressionEncoding>, ExportError> {
    match compression {
        Compression::None => Ok(None),
        Compression::Gzip => Ok(Some(CompressionEncoding::Gzip)),
        Compression::Zstd => zstd::encoding().map(Some),
    }
}
