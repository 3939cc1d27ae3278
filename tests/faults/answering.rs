//! One request, from its bytes to its answer, right or as wrong as was asked for.

use super::fault::{Fault, Told};
use super::grpc::{self, Body};
use super::received::Ledger;
use super::wire::{Line, Spoilt};
use bytes::Bytes;
use exo_trace::Protocol;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message;
use std::convert::Infallible;
use tokio::sync::watch;

const HTTP_PATH: &str = "/v1/traces";
/// Bytes of an answer that still go out where it is cut: less than its first line or frame.
const CUT_AFTER: usize = 12;

/// What all connections of a collector share.
pub(crate) struct Desk {
    pub(crate) protocol: Protocol,
    pub(crate) told: watch::Sender<Told>,
    pub(crate) ledger: Ledger,
}

impl Desk {
    pub(crate) async fn answer(
        &self,
        request: Request<Incoming>,
        line: &Line,
    ) -> Result<Response<Body>, Infallible> {
        let path = request.uri().path().to_owned();
        let Ok(body) = request.into_body().collect().await else {
            return Ok(text(400, "the request broke off"));
        };
        self.ledger.note(|received| received.requests += 1);
        let mut told = self.told.subscribe();
        let _ = told.wait_for(|told| !told.is(Fault::NeverAnswers)).await;
        let mut fault = None;
        self.told.send_modify(|told| fault = told.at_request());
        if path != if self.is_grpc() { grpc::PATH } else { HTTP_PATH } {
            self.ledger.note(|received| received.strays.push(path));
            return Ok(text(404, "no such path"));
        }
        Ok(self.of(fault, body.to_bytes(), line).await)
    }

    async fn of(&self, fault: Option<Fault>, body: Bytes, line: &Line) -> Response<Body> {
        match fault {
            Some(Fault::Status { status, retry_after }) => stays_away(status, retry_after),
            Some(Fault::Code { code, pause }) => grpc::status(code, "as it was told", pause),
            Some(Fault::Redirects) => Response::builder()
                .status(307)
                .header("location", "/elsewhere")
                .body(empty())
                .expect("every header is one"),
            Some(Fault::TakesUpTo(bytes)) if body.len() > bytes => self.too_long(),
            Some(Fault::Resets | Fault::Refuses) => {
                line.spoil(Spoilt::Reset);
                std::future::pending().await
            }
            Some(Fault::AnswersGarbage) => {
                line.spoil(Spoilt::Noise);
                text(500, "nobody reads this")
            }
            Some(Fault::ClosesMidAnswer) => {
                line.spoil(Spoilt::CutAfter(CUT_AFTER));
                self.take(&body, 0, false)
            }
            Some(Fault::AnswersSlowly) => {
                line.spoil(Spoilt::ByteByByte);
                self.take(&body, 0, true)
            }
            Some(Fault::SendsAway) => {
                line.sent_away.notify_one();
                self.take(&body, 0, true)
            }
            Some(Fault::Rejects(spans)) => self.take(&body, spans, true),
            Some(Fault::NeverAnswers | Fault::TakesUpTo(_)) | None => self.take(&body, 0, true),
        }
    }

    /// Takes the spans of a request but so many, and says so.
    fn take(&self, body: &Bytes, but: usize, is_answered: bool) -> Response<Body> {
        let message = if self.is_grpc() { grpc::message_in(body) } else { Some(body.clone()) };
        let decoded = message.and_then(|bytes| ExportTraceServiceRequest::decode(bytes).ok());
        let Some(request) = decoded else { return self.unreadable() };
        self.ledger.note(|received| received.longest = received.longest.max(body.len()));
        let left = self.ledger.take(request, but, is_answered);
        let partial_success = (left > 0).then(|| ExportTracePartialSuccess {
            rejected_spans: left as i64,
            error_message: "too many to my taste".to_owned(),
        });
        let response = ExportTraceServiceResponse { partial_success };
        if self.is_grpc() {
            return grpc::message(&response);
        }
        let bytes = Full::from(response.encode_to_vec());
        let head = Response::builder().header("content-type", "application/x-protobuf");
        head.body(bytes.boxed_unsync()).expect("every header is one")
    }

    fn unreadable(&self) -> Response<Body> {
        match self.is_grpc() {
            true => grpc::status(grpc::INVALID_ARGUMENT, "no spans that anybody could read", None),
            false => text(400, "no spans that anybody could read"),
        }
    }

    fn too_long(&self) -> Response<Body> {
        match self.is_grpc() {
            true => grpc::status(grpc::RESOURCE_EXHAUSTED, "message larger than max", None),
            false => text(413, "message larger than max"),
        }
    }

    fn is_grpc(&self) -> bool {
        self.protocol == Protocol::Grpc
    }
}

fn stays_away(status: u16, retry_after: Option<&str>) -> Response<Body> {
    let mut response = text(status, "as it was told");
    if let Some(retry_after) = retry_after {
        let value = retry_after.parse().expect("it is a header's value");
        response.headers_mut().insert("retry-after", value);
    }
    response
}

fn text(status: u16, text: &'static str) -> Response<Body> {
    let head = Response::builder().status(status).header("content-type", "text/plain");
    head.body(Full::from(text).boxed_unsync()).expect("every header is one")
}

fn empty() -> Body {
    Body::default()
}
