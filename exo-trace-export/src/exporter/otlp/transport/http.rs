//! Requests to a collector that speaks HTTP.

use super::discreet::Discreet;
use super::failure::{self, Expected, Known};
use super::place::Place;
use super::{compress, headers, proxies, response, tls, zstd};
use crate::config::{Collector, Compression, Protocol, process_environment};
use crate::exporter::ExportError;
use crate::exporter::otlp::answer::Answer;
use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Client, Error, Response};
use std::time::{Duration, Instant};

const EXPECTED: Expected = Expected {
    protocol: "HTTP/1.1",
    hint: "gRPC is usually on port 4317, and TLS wants https://",
    hint_behind_tls: "gRPC is usually on port 4317, and it may ask for a client certificate",
};

/// The way over HTTP.
pub(crate) struct Http {
    client: Client,
    /// The URL without user and password.
    url: String,
    content_type: HeaderValue,
    compression: Compression,
    discreet: Discreet,
    timeout: Duration,
    known: Known,
}

impl Http {
    pub(super) fn new(collector: &Collector, timeout: Duration) -> Result<Self, ExportError> {
        zstd::check(collector.compression)?;
        let place = Place::of(collector)?;
        let headers = headers::of(collector, &place);
        let discreet = headers::secrets([&headers], &place, proxies::secrets(&process_environment));
        let client = Client::builder()
            .tls_backend_preconfigured(tls::configuration(collector, &place, b"http/1.1")?)
            // Who says that spans go elsewhere is this program's configuration alone.
            .redirect(Policy::none())
            .default_headers(headers)
            // Not asked for and not unpacked, whatever the program switches on in reqwest for itself.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .connect_timeout(timeout)
            .build()
            .map_err(|error| ExportError::new(error.without_url()))?;
        let content_type = HeaderValue::from_static(match collector.protocol {
            Protocol::HttpJson => "application/json",
            Protocol::HttpProtobuf | Protocol::Grpc => "application/x-protobuf",
        });
        let compression = collector.compression;
        let url = place.uri.to_string();
        let known = Known { is_tls: place.is_tls(), has_answered: false };
        Ok(Self { client, url, content_type, compression, discreet, timeout, known })
    }

    pub(super) async fn send(&mut self, body: Bytes) -> Answer {
        let began = Instant::now();
        let body = match compress::compress(self.compression, body) {
            Ok(body) => body,
            Err(error) => {
                return Answer::Refused { reason: format!("can not be compressed: {error}") };
            }
        };
        match tokio::time::timeout(self.timeout, self.post(body)).await {
            Ok(Ok(response)) => {
                self.known.has_answered = true;
                let left = self.timeout.saturating_sub(began.elapsed());
                response::answer_of(response, left, &self.discreet).await
            }
            Ok(Err(error)) if error.is_timeout() => failure::timed_out(self.timeout),
            Ok(Err(error)) => {
                failure::answer_to(&error.without_url(), EXPECTED, self.known, &self.discreet)
            }
            Err(_) => failure::timed_out(self.timeout),
        }
    }

    async fn post(&self, body: Bytes) -> Result<Response, Error> {
        let request = self.client.post(&self.url).header(CONTENT_TYPE, &self.content_type);
        let request = match self.compression {
            Compression::None => request,
            compressed => request.header(CONTENT_ENCODING, compressed.as_str()),
        };
        request.body(body).send().await
    }
}
