//! A collector that speaks HTTP: what it says, and what that means.

use super::peer::{self, Peer, Reply};
use super::{BODY, accepted, ask, collector, header, refused};
use crate::config::{Compression, Protocol};
use crate::exporter::otlp::answer::Answer;
use std::io::Read;
use std::time::Duration;

/// Sends one request to a collector that answers so.
fn told(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Answer {
    let peer = Peer::start(move |_| reply());
    ask(&collector(Protocol::HttpProtobuf, peer.address))
}

#[test]
fn spans_arrive_as_they_are_with_their_headers() {
    for (protocol, form) in [
        (Protocol::HttpProtobuf, "application/x-protobuf"),
        (Protocol::HttpJson, "application/json"),
    ] {
        let peer = Peer::start(|_| peer::http(200, &[], b""));
        let mut to = collector(protocol, peer.address);
        to.headers = vec![header("x-tenant", "blue"), header("content-length", "1")];
        assert_eq!(ask(&to), accepted(0, ""));

        let asked = peer.asked.recv().unwrap();
        assert_eq!((asked.uri().path(), asked.method().as_str()), ("/v1/traces", "POST"));
        assert_eq!(asked.headers()["content-type"], form);
        assert_eq!(asked.headers()["x-tenant"], "blue");
        let sender = concat!("OTel-OTLP-Exporter-Rust/", env!("CARGO_PKG_VERSION"));
        assert_eq!(asked.headers()["user-agent"], sender);
        assert_eq!(asked.body(), &BODY);
    }
}

#[test]
fn partial_success_is_read_as_its_form_says() {
    let protobuf = [("content-type", "application/x-protobuf")];
    let answer = told(move || peer::http(200, &protobuf, b"\x0a\x06\x08\x03\x12\x02no"));
    assert_eq!(answer, accepted(3, "no"));
    let json = [("content-type", "application/json; charset=utf-8")];
    let body = br#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"no"}}"#;
    assert_eq!(told(move || peer::http(200, &json, body)), accepted(3, "no"));
    let garbled = told(move || peer::http(200, &protobuf, &[0xff; 100_000]));
    assert_eq!(garbled, accepted(0, "its answer can not be read"));
}

#[test]
fn a_web_page_is_no_collector() {
    let reason = refused(told(|| peer::http(200, &[("content-type", "text/html")], b"<html>")));
    assert_eq!(reason, "HTTP 200 with a web page: is this a collector?");
}

#[test]
fn what_passes_is_tried_again_when_the_collector_says() {
    for status in [429, 502, 503, 504] {
        let answer = told(move || peer::http(status, &[("retry-after", "7")], b"busy"));
        let reason = format!("the collector answered HTTP {status}: \"busy\"");
        assert_eq!(answer, Answer::Retry { reason, after: Some(Duration::from_secs(7)) });
    }
    let past = [("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")];
    let answer = told(move || peer::http(503, &past, b""));
    let reason = "the collector answered HTTP 503".to_owned();
    assert_eq!(answer, Answer::Retry { reason, after: Some(Duration::ZERO) });
}

#[test]
fn what_does_not_pass_is_refused_in_the_collectors_words() {
    for status in [400, 401, 403, 404, 500, 501] {
        let reason = refused(told(move || peer::http(status, &[], b"no\r\nway")));
        assert_eq!(reason, format!("the collector answered HTTP {status}: \"no\\r\\nway\""));
    }
    let protobuf = [("content-type", "application/x-protobuf")];
    let reason = refused(told(move || peer::http(400, &protobuf, b"\x08\x03\x12\x02no")));
    assert_eq!(reason, "the collector answered HTTP 400: \"no\"");
    let json = [("content-type", "application/json")];
    let reason = refused(told(move || peer::http(400, &json, br#"{"message":"no"}"#)));
    assert_eq!(reason, "the collector answered HTTP 400: \"no\"");
    let answer = told(|| peer::http(413, &[], b""));
    assert_eq!(answer, Answer::TooLong { reason: "the collector answered HTTP 413".to_owned() });
}

#[test]
fn a_body_that_breaks_off_does_not_undo_the_status() {
    for (head, expected) in [
        (&b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx"[..], accepted(0, "")),
        (
            b"HTTP/1.1 400 Bad Request\r\ncontent-length: 9\r\n\r\nno",
            Answer::Refused { reason: "the collector answered HTTP 400: \"no\"".to_owned() },
        ),
    ] {
        assert_eq!(ask(&collector(Protocol::HttpProtobuf, peer::raw(head))), expected);
    }
}

#[test]
fn a_redirect_is_not_followed_and_says_where_it_points() {
    let there = [("location", "https://me:pw@b/login?token=abc")];
    let reason = refused(told(move || peer::http(307, &there, b"")));
    assert_eq!(reason, "the collector answered HTTP 307, which points to \"https://b/login\"");
}

#[test]
fn gzip_is_read_on_the_far_side() {
    let peer = Peer::start(|_| peer::http(200, &[], b""));
    let mut to = collector(Protocol::HttpProtobuf, peer.address);
    to.compression = Compression::Gzip;
    assert_eq!(ask(&to), accepted(0, ""));
    let asked = peer.asked.recv().unwrap();
    assert_eq!(asked.headers()["content-encoding"], "gzip");
    let mut read = Vec::new();
    flate2::read::GzDecoder::new(&asked.body()[..]).read_to_end(&mut read).unwrap();
    assert_eq!(read, BODY);
}

#[cfg(feature = "zstd")]
#[test]
fn zstd_is_read_on_the_far_side() {
    let peer = Peer::start(|_| peer::http(200, &[], b""));
    let mut to = collector(Protocol::HttpProtobuf, peer.address);
    to.compression = Compression::Zstd;
    assert_eq!(ask(&to), accepted(0, ""));
    let asked = peer.asked.recv().unwrap();
    assert_eq!(asked.headers()["content-encoding"], "zstd");
    assert_eq!(::zstd::decode_all(&asked.body()[..]).unwrap(), BODY);
}
