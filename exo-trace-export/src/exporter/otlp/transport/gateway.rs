//! A gRPC response made fit for tonic, whoever wrote it.
//!
//! Before a collector stand proxies that answer in its place, without gRPC: their HTTP status becomes
//! the gRPC status it stands for, and 413 the one that says that the request was too long. And two
//! headers are only let through when they can be read: tonic 0.14 panics over details that are no
//! base64, and forgets the status for the sake of a message that is no UTF-8. A status that was sent
//! carries a mark: tonic makes others of its own, with the same codes, over answers it cannot read.
//!
//! Source: gRPC over HTTP/2, and "HTTP to gRPC Status Code Mapping".

use super::response;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::BodyExt;
use http_body_util::combinators::MapFrame;
use hyper::body::{Frame, Incoming};
use percent_encoding::percent_decode;
use tonic::{Code, Status};

const STATUS: HeaderName = HeaderName::from_static("grpc-status");
const MESSAGE: HeaderName = HeaderName::from_static("grpc-message");
const DETAILS: HeaderName = HeaderName::from_static("grpc-status-details-bin");

/// Stands beside a status that came over the wire.
const MARK: HeaderName = HeaderName::from_static("exo-trace-sent");

/// Base64 with its padding or without, as gRPC has it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A body whose trailers are fit for tonic.
pub(super) type Fit = MapFrame<Incoming, fn(Frame<Bytes>) -> Frame<Bytes>>;

/// Returns the response with headers and trailers that tonic can read.
pub(super) fn fit(response: Response<Incoming>) -> Response<Fit> {
    let (mut parts, body) = response.into_parts();
    fit_headers(parts.status, &mut parts.headers);
    Response::from_parts(parts, body.map_frame(fit_frame as fn(Frame<Bytes>) -> Frame<Bytes>))
}

/// Makes headers readable, and of an HTTP status alone the gRPC status it stands for.
pub(super) fn fit_headers(status: StatusCode, headers: &mut HeaderMap) {
    keep_readable(headers);
    if status != StatusCode::OK && !headers.contains_key(STATUS) {
        headers.insert(STATUS, HeaderValue::from(code_for(status) as i32));
        let said = said_by(status, headers);
        headers.extend(HeaderValue::try_from(said).ok().map(|said| (MESSAGE, said)));
    }
    mark(headers);
}

/// Tells whether a status came over the wire.
pub(super) fn was_sent(status: &Status) -> bool {
    status.metadata().contains_key(MARK.as_str())
}

fn mark(headers: &mut HeaderMap) {
    if headers.contains_key(STATUS) {
        headers.insert(MARK, HeaderValue::from_static("yes"));
    }
}

/// Returns the message that stands for an answer without gRPC, in the form a header has it.
fn said_by(status: StatusCode, headers: &HeaderMap) -> String {
    let what = format!("HTTP {}", status.as_u16());
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        // The words by which a request that is too long is known among all that is exhausted.
        return format!("{what}, payload too large");
    }
    if !status.is_redirection() {
        return what;
    }
    // A percent sign opens an escape there.
    let target = response::target(headers).replace('%', "%25");
    format!("{what}, which redirects to {target}")
}

fn fit_frame(mut frame: Frame<Bytes>) -> Frame<Bytes> {
    if let Some(trailers) = frame.trailers_mut() {
        keep_readable(trailers);
        mark(trailers);
    }
    frame
}

fn keep_readable(headers: &mut HeaderMap) {
    let is_base64 = |value: &HeaderValue| BASE64.decode(value).is_ok();
    let is_text = |value: &HeaderValue| percent_decode(value.as_bytes()).decode_utf8().is_ok();
    if headers.get(DETAILS).is_some_and(|details| !is_base64(details)) {
        headers.remove(DETAILS);
    }
    if headers.get(MESSAGE).is_some_and(|message| !is_text(message)) {
        headers.remove(MESSAGE);
    }
}

fn code_for(status: StatusCode) -> Code {
    match status {
        StatusCode::BAD_REQUEST => Code::Internal,
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::PermissionDenied,
        StatusCode::NOT_FOUND => Code::Unimplemented,
        StatusCode::PAYLOAD_TOO_LARGE => Code::ResourceExhausted,
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Code::Unavailable,
        _ => Code::Unknown,
    }
}
