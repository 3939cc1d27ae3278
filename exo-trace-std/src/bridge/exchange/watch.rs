//! Somebody who watches a request until its answer is over, and says on its span how it went.
//!
//! Source: OpenTelemetry semantic conventions, "HTTP spans", status; "RPC spans", status.

use super::grpc::{self, Code};
use super::site::keys;
use crate::{Exchange, Status};
use exo_trace_core::{Outcome, Value};
use http::{HeaderMap, Method, StatusCode, Version};
use std::fmt::Display;

/// Who watches: what is an error to a client need not be one of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bridge) enum Side {
    Server,
    Client,
}

/// What is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bridge) enum Protocol {
    Http,
    Grpc,
}

/// A request under way: cancelled, unless its answer comes to an end.
#[derive(Debug)]
pub(in crate::bridge) struct Watch {
    pub(in crate::bridge) exchange: Exchange,
    side: Side,
    protocol: Protocol,
    /// Whether no body follows the answer, whatever that says of its length.
    asks_for_head: bool,
    has_failed: bool,
    has_body_begun: bool,
}

impl Watch {
    pub(in crate::bridge) fn new(
        exchange: Exchange,
        side: Side,
        protocol: Protocol,
        method: &Method,
    ) -> Self {
        let asks_for_head = *method == Method::HEAD;
        Self { exchange, side, protocol, asks_for_head, has_failed: false, has_body_begun: false }
    }

    /// Runs `work` with its span current, where there is one.
    #[inline]
    pub(in crate::bridge) fn during<R>(watch: Option<&mut Self>, work: impl FnOnce() -> R) -> R {
        match watch {
            Some(watch) => watch.exchange.during(work),
            None => work(),
        }
    }

    pub(in crate::bridge) fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Notes the answer before its body, and tells whether a body follows.
    pub(in crate::bridge) fn answered(
        &mut self,
        status: StatusCode,
        version: Version,
        headers: &HeaderMap,
    ) -> bool {
        if self.exchange.is_recording() {
            self.say_version(version);
            match (self.protocol, Code::of(headers)) {
                (Protocol::Grpc, Some(code)) => self.judge_call(code, headers),
                (Protocol::Grpc, None) if status == StatusCode::OK => {}
                _ => self.judge_status(status),
            }
        }
        let is_bodiless = status.is_informational()
            || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        !self.asks_for_head && !is_bodiless
    }

    /// Says which version was spoken in the end; a server knows it from the request.
    fn say_version(&mut self, version: Version) {
        if self.side == Side::Client {
            self.exchange.say_literal(&keys::NETWORK_PROTOCOL_VERSION, name_of(version));
        }
    }

    fn judge_status(&mut self, status: StatusCode) {
        let code = Value::I64(i64::from(status.as_u16()));
        self.exchange.say(&keys::HTTP_RESPONSE_STATUS_CODE, code);
        let is_error = match self.side {
            Side::Server => status.is_server_error(),
            Side::Client => status.is_client_error() || status.is_server_error(),
        };
        if is_error || status.as_u16() >= 600 {
            self.exchange.say(&keys::ERROR_TYPE, Value::Text(status.as_str()));
            self.has_failed = true;
        }
    }

    /// Notes trailers, which come at the end of the body.
    pub(in crate::bridge) fn trailed(&mut self, trailers: &HeaderMap) {
        if self.protocol == Protocol::Grpc
            && let Some(code) = Code::of(trailers)
        {
            self.judge_call(code, trailers);
        }
    }

    fn judge_call(&mut self, code: Code, said: &HeaderMap) {
        self.exchange.say_literal(&keys::RPC_RESPONSE_STATUS_CODE, code.name());
        if code.is_error(self.side) {
            self.exchange.say_literal(&keys::ERROR_TYPE, code.name());
            self.exchange.set_status(Status::Error(grpc::message(said)));
            self.has_failed = true;
        }
    }

    /// Notes that somebody asked for the body.
    pub(in crate::bridge) fn body_begins(&mut self) {
        self.has_body_begun = true;
    }

    /// Notes an error in the place of an answer, or of the rest of its body.
    #[cold]
    pub(in crate::bridge) fn failed(&mut self, error_type: &str, error: &dyn Display) {
        self.exchange.fail(error_type, error);
        self.has_failed = true;
        self.end();
    }

    /// Ends the span: the answer is over.
    pub(in crate::bridge) fn end(&mut self) {
        let outcome = if self.has_failed { Outcome::Error } else { Outcome::Ended };
        self.exchange.end(outcome);
    }

    /// Ends the span of an answer whose body nobody wants.
    ///
    /// A client may look at the status alone, and what it saw ends the request well; whoever stops
    /// in the middle has given up, and a server whose answer is not taken was given up. An error that
    /// was seen stays one.
    pub(in crate::bridge) fn left(&mut self) {
        if self.has_failed || (self.side == Side::Client && !self.has_body_begun) {
            self.end();
        }
    }
}

/// Returns the version as the conventions write it.
pub(in crate::bridge) fn name_of(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "0.9",
        Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2",
        Version::HTTP_3 => "3",
        _ => "1.1",
    }
}
