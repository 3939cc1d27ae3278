//! The collector of `tests/faults` does what it is told, so that the stories about it prove something.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod faults;

use bytes::{BufMut, Bytes, BytesMut};
use exo_trace::Protocol::{self, Grpc, HttpProtobuf};
use faults::{Collector, Fault};
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Request, client::conn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;
use std::time::Duration;
use tokio::net::TcpStream;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What a client gets to see.
struct Seen {
    status: u16,
    /// Headers and trailers.
    headers: HeaderMap,
    body: Bytes,
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("it is text"))
    }

    fn rejected(&self, protocol: Protocol) -> i64 {
        let bytes = if protocol == Grpc { self.body.slice(5..) } else { self.body.clone() };
        let response = ExportTraceServiceResponse::decode(bytes).expect("it is an answer");
        response.partial_success.map_or(0, |partial| partial.rejected_spans)
    }
}

/// Spans with these ids, as one request.
fn spans(ids: std::ops::Range<u64>) -> Vec<u8> {
    let span = |id: u64| Span { span_id: id.to_be_bytes().to_vec(), ..Span::default() };
    let scope_spans = vec![ScopeSpans { spans: ids.map(span).collect(), ..Default::default() }];
    let resource_spans = vec![ResourceSpans { scope_spans, ..Default::default() }];
    ExportTraceServiceRequest { resource_spans }.encode_to_vec()
}

/// One request on a connection of its own.
async fn send(
    collector: &Collector,
    protocol: Protocol,
    message: Vec<u8>,
) -> Result<Seen, Failure> {
    let stream = TokioIo::new(TcpStream::connect(collector.address()).await?);
    let (path, body) = match protocol {
        Grpc => {
            let mut framed = BytesMut::new();
            framed.put_u8(0);
            framed.put_u32(u32::try_from(message.len())?);
            framed.put_slice(&message);
            (faults::grpc::PATH, framed.freeze())
        }
        _ => ("/v1/traces", Bytes::from(message)),
    };
    let uri = format!("{}{path}", collector.endpoint());
    let request = Request::post(uri).body(Full::new(body))?;
    let response = if protocol == Grpc {
        let (mut sender, connection) = conn::http2::handshake(TokioExecutor::new(), stream).await?;
        tokio::spawn(connection);
        sender.send_request(request).await?
    } else {
        let (mut sender, connection) = conn::http1::handshake(stream).await?;
        tokio::spawn(connection);
        sender.send_request(request).await?
    };
    let status = response.status().as_u16();
    let mut headers = response.headers().clone();
    let body = response.into_body().collect().await?;
    headers.extend(body.trailers().cloned().unwrap_or_default());
    Ok(Seen { status, headers, body: body.to_bytes() })
}

const BOTH: [Protocol; 2] = [Grpc, HttpProtobuf];

#[tokio::test]
async fn it_counts_each_span_once_and_knows_which_came_again() {
    for protocol in BOTH {
        let collector = Collector::start(protocol);
        for ids in [0..10, 5..15, 15..20] {
            let seen = send(&collector, protocol, spans(ids)).await.expect("it answers");
            assert_eq!((seen.status, seen.rejected(protocol)), (200, 0));
        }
        let received = collector.received();
        assert_eq!((received.spans(), received.requests, received.connections), (20, 3, 3));
        assert_eq!((received.needlessly_again(), received.unanswered()), (5, 0));
    }
}

#[tokio::test]
async fn it_answers_as_it_was_told_and_takes_nothing() {
    for protocol in BOTH {
        let throttles = Fault::Status { status: 429, retry_after: Some("7") };
        let collector = Collector::with(protocol, throttles);
        let seen = send(&collector, protocol, spans(0..10)).await.expect("it answers");
        assert_eq!((seen.status, seen.header("retry-after")), (429, "7"));
        collector.tell(Fault::Redirects);
        let seen = send(&collector, protocol, spans(0..10)).await.expect("it answers");
        assert_eq!((seen.status, seen.header("location")), (307, "/elsewhere"));
        assert_eq!(collector.received().spans(), 0);
    }
}

#[tokio::test]
async fn a_pause_in_grpc_is_a_detail_of_the_status() {
    let pause = Some(Duration::from_millis(50));
    let collector = Collector::start(Grpc);
    collector.tell_first(&[Fault::Code { code: 8, pause }, Fault::code(14)]);
    let seen = send(&collector, Grpc, spans(0..10)).await.expect("it answers");
    assert_eq!(seen.header("grpc-status"), "8");
    // Status { 8, .., RetryInfo { retry_delay: { nanos: 50_000_000 } } }, encoded by hand.
    let details = "CAgSDmFzIGl0IHdhcyB0b2xkGjMKKHR5cGUuZ29vZ2xlYXBpcy5jb20vZ29vZ2xlLnJwYy5SZXRyeUluZm8SBwoFEIDh6xc";
    assert_eq!(seen.header("grpc-status-details-bin"), details);
    let seen = send(&collector, Grpc, spans(0..10)).await.expect("it answers");
    assert_eq!((seen.header("grpc-status"), seen.header("grpc-status-details-bin")), ("14", ""));
    let seen = send(&collector, Grpc, spans(0..10)).await.expect("it answers");
    assert_eq!((seen.header("grpc-status"), collector.received().spans()), ("0", 10));
}

#[tokio::test]
async fn a_request_too_long_is_refused_and_a_shorter_one_is_taken() {
    for protocol in BOTH {
        let collector = Collector::with(protocol, Fault::TakesUpTo(400));
        let seen = send(&collector, protocol, spans(0..100)).await.expect("it answers");
        assert_eq!(if protocol == Grpc { seen.header("grpc-status") } else { "8" }, "8");
        assert_eq!(seen.status, if protocol == Grpc { 200 } else { 413 });
        assert_eq!(collector.received().spans(), 0);
        send(&collector, protocol, spans(0..10)).await.expect("it answers");
        assert_eq!(collector.received().spans(), 10);
    }
}

#[tokio::test]
async fn of_a_partial_success_it_has_the_rest() {
    for protocol in BOTH {
        let collector = Collector::with(protocol, Fault::Rejects(3));
        let seen = send(&collector, protocol, spans(0..10)).await.expect("it answers");
        assert_eq!((seen.rejected(protocol), collector.received().spans()), (3, 7));
    }
}

#[tokio::test]
async fn what_is_slow_or_sends_away_has_taken_everything() {
    for protocol in BOTH {
        for fault in [Fault::AnswersSlowly, Fault::SendsAway] {
            let collector = Collector::with(protocol, fault);
            let seen = send(&collector, protocol, spans(0..10)).await.expect("it answers");
            assert_eq!((seen.status, seen.rejected(protocol)), (200, 0));
            assert_eq!(collector.received().spans(), 10);
        }
    }
}

#[tokio::test]
async fn connections_break_as_they_were_told_to() {
    let has = |collector: &Collector| {
        let received = collector.received();
        (received.spans(), received.unanswered(), received.needlessly_again())
    };
    for protocol in BOTH {
        for (fault, taken) in [
            (Fault::Refuses, 0),
            (Fault::Resets, 0),
            (Fault::AnswersGarbage, 0),
            (Fault::ClosesMidAnswer, 10),
        ] {
            let collector = Collector::with(protocol, fault);
            let sent = send(&collector, protocol, spans(0..10)).await;
            assert!(sent.is_err(), "{fault:?} over {protocol:?}");
            assert_eq!(has(&collector), (taken, taken as usize, 0));
            collector.recover();
            send(&collector, protocol, spans(0..10)).await.expect("it answers again");
            assert_eq!(has(&collector), (10, taken as usize, 0));
        }
    }
}

#[tokio::test]
async fn what_never_answers_answers_when_it_is_told_to() {
    for protocol in BOTH {
        let collector = Collector::here(protocol).await;
        collector.tell(Fault::NeverAnswers);
        let sent = send(&collector, protocol, spans(0..10));
        let recovers = async {
            while collector.received().connections == 0 {
                tokio::task::yield_now().await;
            }
            assert_eq!(collector.received().spans(), 0);
            collector.recover();
        };
        let (seen, ()) = tokio::join!(sent, recovers);
        assert_eq!(seen.expect("it answers").status, 200);
        assert_eq!(collector.received().spans(), 10);
    }
}
