//! The request in the form that the protocol wants: protobuf, or JSON.

use super::encode::Encoder;
use crate::batch::Batch;
use crate::config::Protocol;
use crate::exporter::otlp_json::JsonRequest;
use crate::resource::Resource;
use bytes::Bytes;
use std::ops::Range;

/// How long a request may become, in bytes: below the 4 MiB that gRPC servers take unless told
/// otherwise.
const REQUEST_BYTES_MAX: usize = 4_000_000;

/// A request that grows.
pub(super) enum Body {
    Protobuf(Box<Encoder>),
    Json(Box<JsonRequest>),
}

impl Body {
    pub(super) fn new(protocol: Protocol, resource: &Resource) -> Self {
        match protocol {
            Protocol::Grpc | Protocol::HttpProtobuf => {
                Self::Protobuf(Box::new(Encoder::new(resource, REQUEST_BYTES_MAX)))
            }
            Protocol::HttpJson => {
                Self::Json(Box::new(JsonRequest::new(resource, REQUEST_BYTES_MAX)))
            }
        }
    }

    /// Adds spans until the request is full, and returns how many it took.
    pub(super) fn push(&mut self, batch: &Batch, places: Range<usize>) -> usize {
        match self {
            Self::Protobuf(encoder) => encoder.push(batch, places),
            Self::Json(request) => request.push(batch, places),
        }
    }

    /// Adds a span that alone is longer than a request, cut down; `false` when that does not help.
    pub(super) fn push_cut(&mut self, batch: &Batch, place: usize) -> bool {
        match self {
            Self::Protobuf(encoder) => encoder.push_cut(batch, place),
            Self::Json(request) => request.push_cut(batch, place),
        }
    }

    /// Returns the request and begins another.
    pub(super) fn finish(&mut self) -> Bytes {
        match self {
            Self::Protobuf(encoder) => encoder.finish(),
            Self::Json(request) => Bytes::from(request.finish()),
        }
    }
}
