//! The little of gRPC that a collector needs: one message in, one message or one status out.
//!
//! Source: gRPC over HTTP/2, and `google/rpc/{status,error_details}.proto`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::{BufMut, Bytes, BytesMut};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::{HeaderMap, Response};
use prost::Message;
use std::convert::Infallible;
use std::time::Duration;

pub(crate) const PATH: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
pub(crate) const INVALID_ARGUMENT: i32 = 3;
pub(crate) const RESOURCE_EXHAUSTED: i32 = 8;
pub(crate) const UNAVAILABLE: i32 = 14;

pub(crate) type Body = UnsyncBoxBody<Bytes, Infallible>;

#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

#[derive(Clone, PartialEq, Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    retry_delay: Option<Span>,
}

/// `google.protobuf.Duration`.
#[derive(Clone, PartialEq, Message)]
struct Span {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

/// Returns the one message that a request holds, uncompressed.
pub(crate) fn message_in(body: &Bytes) -> Option<Bytes> {
    let (head, message) = body.split_at_checked(5)?;
    let length = u32::from_be_bytes(head[1..].try_into().ok()?) as usize;
    (head[0] == 0 && length == message.len()).then(|| body.slice(5..))
}

pub(crate) fn message(message: &impl Message) -> Response<Body> {
    let bytes = message.encode_to_vec();
    let mut framed = BytesMut::new();
    framed.put_u8(0);
    framed.put_u32(u32::try_from(bytes.len()).expect("an answer is short"));
    framed.put_slice(&bytes);
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", 0.into());
    let body = Full::new(framed.freeze()).with_trailers(async { Some(Ok(trailers)) });
    answer().body(body.boxed_unsync()).expect("every header is one")
}

/// An answer that is a status alone, with the pause it asks for.
pub(crate) fn status(code: i32, text: &str, pause: Option<Duration>) -> Response<Body> {
    let mut response = answer().header("grpc-status", code).header("grpc-message", text);
    if let Some(pause) = pause {
        let retry_delay =
            Some(Span { seconds: pause.as_secs() as i64, nanos: pause.subsec_nanos() as i32 });
        let type_url = "type.googleapis.com/google.rpc.RetryInfo".to_owned();
        let detail = Any { type_url, value: RetryInfo { retry_delay }.encode_to_vec() };
        let status = Status { code, message: text.to_owned(), details: vec![detail] };
        let details = STANDARD_NO_PAD.encode(status.encode_to_vec());
        response = response.header("grpc-status-details-bin", details);
    }
    response.body(Body::default()).expect("every header is one")
}

fn answer() -> hyper::http::response::Builder {
    Response::builder().header("content-type", "application/grpc")
}
