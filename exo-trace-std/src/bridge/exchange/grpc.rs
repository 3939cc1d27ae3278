//! How a call of gRPC went: its status, among the headers or at the end of the body.
//!
//! Source: gRPC, "Status codes and their use" and "gRPC over HTTP2"; OpenTelemetry semantic
//! conventions, "gRPC", which statuses are errors on which side.

use super::watch::Side;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use percent_encoding::percent_decode;
use std::borrow::Cow;

const STATUS: &str = "grpc-status";
const MESSAGE: &str = "grpc-message";
const NAMES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];
/// What a server is to blame for; of the rest the caller is.
const SERVER_ERRORS: [&str; 6] =
    ["UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"];

/// Tells whether a request is a call of gRPC.
pub(in crate::bridge) fn is_grpc(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(|kind| kind.as_bytes());
    let after = kind.and_then(|kind| kind.strip_prefix(b"application/grpc"));
    // `application/grpc+proto` is one, `application/grpc-web` is a protocol of its own.
    matches!(after, Some([] | [b'+' | b';', ..]))
}

/// The status of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(&'static str);

impl Code {
    /// Returns what headers or trailers say; a code that nobody knows is `UNKNOWN`.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let code = headers.get(STATUS)?.to_str().ok().and_then(|code| code.parse::<usize>().ok());
        Some(Self(code.and_then(|code| NAMES.get(code)).unwrap_or(&"UNKNOWN")))
    }

    pub(super) fn name(self) -> &'static str {
        self.0
    }

    pub(super) fn is_error(self, side: Side) -> bool {
        match side {
            Side::Server => SERVER_ERRORS.contains(&self.0),
            Side::Client => self.0 != "OK",
        }
    }
}

/// Returns why it went so.
pub(super) fn message(headers: &HeaderMap) -> Cow<'_, str> {
    let message = headers.get(MESSAGE).map(|message| message.as_bytes()).unwrap_or_default();
    percent_decode(message).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn one(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn a_status_has_a_name_and_is_somebodys_fault() {
        let status = |code| Code::of(&one(HeaderName::from_static(STATUS), code)).unwrap();
        let judged =
            |code: Code| (code.name(), code.is_error(Side::Server), code.is_error(Side::Client));
        assert_eq!(judged(status("0")), ("OK", false, false));
        assert_eq!(judged(status("5")), ("NOT_FOUND", false, true));
        assert_eq!(judged(status("13")), ("INTERNAL", true, true));
        assert_eq!(judged(status("99")), ("UNKNOWN", true, true));
        assert_eq!(Code::of(&HeaderMap::new()), None);
    }

    #[test]
    fn a_message_is_decoded() {
        let message =
            message(&one(HeaderName::from_static(MESSAGE), "no %C3%A9t%C3%A9")).into_owned();
        assert_eq!(message, "no été");
    }

    #[test]
    fn a_call_says_so_in_its_content_type() {
        for (kind, is) in [
            ("application/grpc", true),
            ("application/grpc+proto", true),
            ("application/grpc-web+proto", false),
            ("application/json", false),
        ] {
            assert_eq!(is_grpc(&one(CONTENT_TYPE, kind)), is, "{kind}");
        }
    }
}
