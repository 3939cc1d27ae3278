//! What can happen on either way: nobody there, nobody who answers, somebody else, and a secret.

use super::peer::{self, Peer};
use super::{BODY, accepted, ask, collector, header, refused, retried, runtime};
use crate::config::Protocol;
use crate::exporter::otlp::transport::Transport;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::net::TcpSocket;

const WAYS: [Protocol; 2] = [Protocol::Grpc, Protocol::HttpProtobuf];

/// Answers both ways that all is well.
fn well(request: &http::Request<bytes::Bytes>) -> peer::Reply {
    match request.version() {
        http::Version::HTTP_2 => peer::grpc(b""),
        _ => peer::http(200, &[], b""),
    }
}

#[test]
fn nobody_listens_and_the_reason_says_so() {
    // Bound, and so nobody else's, but not listening.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    for way in WAYS {
        assert_eq!(retried(ask(&collector(way, address))), "connection refused", "{way}");
    }
}

#[test]
fn a_host_without_an_address_is_tried_again() {
    for way in WAYS {
        let mut to = collector(way, SocketAddr::from(([127, 0, 0, 1], 1)));
        to.endpoint = "http://nobody.invalid:4317".to_owned();
        let reason = retried(ask(&to));
        assert!(reason.contains("lookup") && !reason.contains("os error"), "{way}: {reason}");
    }
}

#[test]
fn a_peer_that_never_answers_ends_with_the_timeout() {
    let address = peer::raw(b"");
    for way in WAYS {
        let mut to = collector(way, address);
        to.timeout = Duration::from_millis(200);
        let began = Instant::now();
        let reason = retried(ask(&to));
        assert!(began.elapsed() < Duration::from_secs(5), "{way}: {:?}", began.elapsed());
        let expected = ["the connection went silent", "no answer within 200ms"];
        assert!(expected.contains(&&*reason), "{way}: {reason}");
    }
}

#[test]
fn somebody_else_on_the_port_is_refused_with_a_hint() {
    for (way, says, hint) in [
        (Protocol::Grpc, &b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"[..], "4318"),
        (Protocol::Grpc, b"220 mail.example.com ESMTP ready\r\n", "4318"),
        (Protocol::Grpc, b"\x15\x03\x01\0\x02\x02\x16", "https://"),
        (Protocol::HttpProtobuf, b"220 mail.example.com ESMTP ready\r\n", "4317"),
        (Protocol::HttpProtobuf, b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04", "4317"),
        (Protocol::HttpProtobuf, b"\x15\x03\x01\0\x02\x02\x16", "https://"),
    ] {
        let reason = refused(ask(&collector(way, peer::raw(says))));
        assert!(reason.contains("does not speak") && reason.contains(hint), "{says:?}: {reason}");
    }
}

#[test]
fn a_peer_that_hangs_up_may_be_another_protocol() {
    for (way, hint) in [(Protocol::Grpc, "4318"), (Protocol::HttpProtobuf, "4317")] {
        // Frames that end before the answer, and a head that breaks off.
        let says = if way == Protocol::Grpc { &b"\0\0\0\x04\0\0\0\0\0"[..] } else { b"HTTP" };
        let reason = retried(ask(&collector(way, peer::raw(says))));
        assert!(reason.contains("closed") && reason.contains(hint), "{way}: {reason}");
    }
}

#[test]
fn a_request_given_up_does_not_stop_the_next() {
    let peer = Peer::start(well);
    for way in WAYS {
        runtime().block_on(async {
            let mut transport = Transport::new(&collector(way, peer.address)).unwrap();
            for _ in ["without a connection", "with one"] {
                let mut given_up = Box::pin(transport.send(BODY));
                let is_under_way =
                    poll_fn(|cx| Poll::Ready(given_up.as_mut().poll(cx).is_pending()));
                assert!(is_under_way.await, "{way}");
                drop(given_up);
                assert_eq!(transport.send(BODY).await, accepted(0, ""), "{way}");
            }
        });
    }
}

#[test]
fn a_warning_fits_a_line_and_says_no_secret_back() {
    // `partial_success { rejected_spans: 1, error_message }`, of eighteen bytes.
    let says = b"\x0a\x16\x08\x01\x12\x12tok-en\n\x1b[31mred!!!";
    let peer = Peer::start(|request| match request.version() {
        http::Version::HTTP_2 => peer::grpc(says),
        _ => peer::http(200, &[("content-type", "application/x-protobuf")], says),
    });
    for way in WAYS {
        let mut to = collector(way, peer.address);
        to.headers = vec![header("x-token", "tok-en")];
        assert_eq!(ask(&to), accepted(1, r"****\n\u{1b}[31mred!!!"), "{way}");
    }
}

#[test]
fn a_password_in_the_url_logs_in_and_is_never_shown() {
    let peer = Peer::start(|request| {
        let said = request.headers()["authorization"].to_str().unwrap().to_owned();
        let said = format!("{said} and hunter-two and tok-en");
        match request.version() {
            http::Version::HTTP_2 => peer::grpc_status(16, &said, ""),
            _ => peer::http(401, &[], said.as_bytes()),
        }
    });
    for way in WAYS {
        let mut to = collector(way, peer.address);
        to.endpoint = format!("http://someone:hunter%2Dtwo@{}/v1/traces", peer.address);
        to.headers = vec![header("x-token", "tok-en")];
        let reason = refused(ask(&to));
        assert!(reason.ends_with("\"**** and **** and ****\""), "{way}: {reason}");
        let asked = peer.asked.recv().unwrap();
        assert_eq!(asked.headers()["authorization"], "Basic c29tZW9uZTpodW50ZXItdHdv");
    }
}
