//! A collector that speaks gRPC: what it says, and what that means.

use super::peer::{self, Peer};
use super::{BODY, accepted, ask, collector, header, refused, retried, runtime};
use crate::config::{Compression, Protocol};
use crate::exporter::otlp::answer::Answer;
use crate::exporter::otlp::transport::Transport;
use std::io::Read;
use std::time::Duration;

/// `Status { details: [Any { RetryInfo { 2.5 s } }] }` in protobuf, in base64.
const COME_BACK: &str =
    "GjYKKHR5cGUuZ29vZ2xlYXBpcy5jb20vZ29vZ2xlLnJwYy5SZXRyeUluZm8SCgoICAIQgMq17gE";

#[test]
fn spans_arrive_as_they_are_with_their_headers() {
    let peer = Peer::start(|_| peer::grpc(b""));
    let mut to = collector(Protocol::Grpc, peer.address);
    to.headers = vec![header("x-tenant", "blue"), header("x-key-bin", "k\u{7e}y")];
    assert_eq!(ask(&to), accepted(0, ""));

    let asked = peer.asked.recv().unwrap();
    let path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    assert_eq!((asked.uri().path(), asked.method().as_str()), (path, "POST"));
    assert_eq!(asked.headers()["content-type"], "application/grpc");
    assert_eq!(asked.headers()["te"], "trailers");
    assert_eq!(asked.headers()["x-tenant"], "blue");
    assert_eq!(asked.headers()["x-key-bin"], "a355");
    let sender = concat!("OTel-OTLP-Exporter-Rust/", env!("CARGO_PKG_VERSION"));
    assert_eq!(asked.headers()["user-agent"], sender);
    assert!(asked.headers().contains_key("grpc-timeout"));
    let length = u32::try_from(BODY.len()).unwrap().to_be_bytes();
    assert_eq!(asked.body()[..], [&[0][..], &length, &BODY].concat());
}

#[test]
fn partial_success_says_how_many_and_why() {
    let peer = Peer::start(|_| peer::grpc(b"\x0a\x0a\x08\x03\x12\x06too ol"));
    assert_eq!(ask(&collector(Protocol::Grpc, peer.address)), accepted(3, "too ol"));
}

#[test]
fn an_answer_that_is_no_message_is_not_sent_for_again() {
    let peer = Peer::start(|_| peer::grpc(b"\xff\xff\xff"));
    let answer = ask(&collector(Protocol::Grpc, peer.address));
    assert_eq!(answer, accepted(0, "its answer can not be read"));
}

#[test]
fn an_answer_longer_than_anybody_reads_says_nothing_of_the_request() {
    const READ_BYTES_MAX: usize = 4 << 20;
    let peer = Peer::start(|_| peer::grpc(&vec![0; READ_BYTES_MAX + 1]));
    let answer = ask(&collector(Protocol::Grpc, peer.address));
    assert_eq!(answer, accepted(0, "its answer can not be read"));
    let said = "Error, decoded message length too large: found 9 bytes, the limit is: 5 bytes";
    let peer = Peer::start(move |_| peer::grpc_status(11, said, ""));
    let answer = ask(&collector(Protocol::Grpc, peer.address));
    assert!(matches!(answer, Answer::TooLong { .. }), "{answer:?}");
    let peer = Peer::start(move |_| {
        peer::grpc_behind(b"", [("grpc-status", b"11"), ("grpc-message", said.as_bytes())])
    });
    let answer = ask(&collector(Protocol::Grpc, peer.address));
    assert!(matches!(answer, Answer::TooLong { .. }), "{answer:?}");
}

#[test]
fn a_connection_that_is_ended_with_a_secret_does_not_show_it() {
    // SETTINGS, then GOAWAY with ENHANCE_YOUR_CALM and debug data.
    let says = b"\0\0\0\x04\0\0\0\0\0\0\0\x13\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0btok-en calm";
    let mut to = collector(Protocol::Grpc, peer::raw(says));
    to.headers = vec![header("x-token", "tok-en")];
    let reason = retried(ask(&to));
    assert!(reason.contains("**** calm") && !reason.contains("tok-en"), "{reason}");
}

#[test]
fn retry_info_says_when_to_come_back() {
    let peer = Peer::start(|_| peer::grpc_status(8, "slow%20down", COME_BACK));
    let reason = "the collector answered ResourceExhausted: \"slow down\"".to_owned();
    let expected = Answer::Retry { reason, after: Some(Duration::from_millis(2_500)) };
    assert_eq!(ask(&collector(Protocol::Grpc, peer.address)), expected);
}

#[test]
fn exhausted_without_retry_info_is_refused_unless_it_is_said_to_be_too_long() {
    let peer = Peer::start(|_| peer::grpc_status(8, "no%20quota%20left", "?garbage?"));
    let reason = refused(ask(&collector(Protocol::Grpc, peer.address)));
    assert_eq!(reason, "the collector answered ResourceExhausted: \"no quota left\"");
    let peer = Peer::start(|_| peer::grpc_status(8, "message%20larger%20than%20max", ""));
    let answer = ask(&collector(Protocol::Grpc, peer.address));
    assert!(matches!(answer, Answer::TooLong { .. }), "{answer:?}");
}

#[test]
fn trailers_that_can_not_be_read_leave_the_status_standing() {
    let peer = Peer::start(|_| {
        let details = ("grpc-status-details-bin", &b"?"[..]);
        peer::grpc_behind(b"", [("grpc-status", b"14"), ("grpc-message", b"%ff"), details])
    });
    let reason = retried(ask(&collector(Protocol::Grpc, peer.address)));
    assert_eq!(reason, "the collector answered Unavailable");
}

#[test]
fn an_unknown_service_asks_what_the_port_is_for() {
    let peer = Peer::start(|_| peer::grpc_status(12, "", ""));
    let reason = refused(ask(&collector(Protocol::Grpc, peer.address)));
    assert!(
        reason.ends_with("does this port take OTLP over gRPC? HTTP is usually 4318"),
        "{reason}"
    );
}

#[test]
fn a_proxy_that_answers_in_the_collectors_place_is_understood() {
    let told = |status| {
        let page = [("content-type", "text/html")];
        let peer = Peer::start(move |_| peer::http(status, &page, b"<html>"));
        ask(&collector(Protocol::Grpc, peer.address))
    };
    let reason = refused(told(404));
    assert!(reason.starts_with("the collector answered Unimplemented: \"HTTP 404\""), "{reason}");
    assert_eq!(retried(told(503)), "the collector answered Unavailable: \"HTTP 503\"");
    assert!(matches!(told(413), Answer::TooLong { .. }));
    assert!(refused(told(200)).contains("Internal"));
}

#[test]
fn a_redirect_is_not_followed_and_says_where_it_points() {
    let there = [("location", "https://me:pw@b/log%0ain?token=abc")];
    let peer = Peer::start(move |_| peer::http(307, &there, b""));
    let reason = refused(ask(&collector(Protocol::Grpc, peer.address)));
    let expected = "Unknown: \"HTTP 307, which redirects to https://b/log%0ain\"";
    assert_eq!(reason, format!("the collector answered {expected}"));
}

#[test]
fn gzip_is_read_on_the_far_side() {
    let peer = Peer::start(|_| peer::grpc(b""));
    let mut to = collector(Protocol::Grpc, peer.address);
    to.compression = Compression::Gzip;
    assert_eq!(ask(&to), accepted(0, ""));
    let asked = peer.asked.recv().unwrap();
    assert_eq!((&asked.headers()["grpc-encoding"], asked.body()[0]), (&"gzip".parse().unwrap(), 1));
    let mut read = Vec::new();
    flate2::read::GzDecoder::new(&asked.body()[5..]).read_to_end(&mut read).unwrap();
    assert_eq!(read, BODY);
}

#[cfg(feature = "zstd")]
#[test]
fn zstd_is_read_on_the_far_side() {
    let peer = Peer::start(|_| peer::grpc(b""));
    let mut to = collector(Protocol::Grpc, peer.address);
    to.compression = Compression::Zstd;
    assert_eq!(ask(&to), accepted(0, ""));
    let asked = peer.asked.recv().unwrap();
    assert_eq!(asked.headers()["grpc-encoding"], "zstd");
    assert_eq!(::zstd::decode_all(&asked.body()[5..]).unwrap(), BODY);
}

#[test]
fn a_collector_that_was_away_is_found_again() {
    let peer = Peer::start(|_| peer::grpc(b""));
    let address = peer.address;
    runtime().block_on(async {
        let mut transport = Transport::new(&collector(Protocol::Grpc, address)).unwrap();
        assert_eq!(transport.send(BODY).await, accepted(0, ""));
        drop(peer);
        let reason = retried(transport.send(BODY).await);
        assert!(!reason.contains("4318"), "it spoke gRPC before: {reason}");
        let _peer = Peer::start_at(address, None, |_| peer::grpc(b""));
        assert_eq!(transport.send(BODY).await, accepted(0, ""));
    });
}
