//! A collector that lies or floods changes no count and holds no end up.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

#[path = "../../tests/deadlines/mod.rs"]
mod deadlines;
mod hostile;

// The deadlines are those of the stories of the whole, which has another name.
extern crate exo_trace_export as exo_trace;

use exo_trace_export::Protocol::{Grpc, HttpProtobuf};
use exo_trace_export::{Delivery, Protocol, init};
use exo_trace_std::span_sync;
use hostile::frames::{self, head, trailers};
use hostile::{BOTH, Hostile, Line, SLACK, TIMEOUT};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

const SPANS: u64 = 100;

fn says(line: &mut Line, bytes: impl AsRef<[u8]>) {
    line.say(bytes.as_ref());
}

/// Recording is the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Records for a peer, spans and metrics, and ends within its deadline.
fn end_with(peer: &Hostile, protocol: Protocol) -> Delivery {
    let trace = init(peer.config(protocol).metrics(true)).expect("nothing records yet");
    (0..SPANS).for_each(|n| drop(span_sync!("span", n)));
    let (began, deadline) = (Instant::now(), 2 * TIMEOUT);
    let delivery = deadlines::shutdown("a hostile collector", &trace, deadline);
    assert!(began.elapsed() < deadline + SLACK, "{:?}: {delivery}", began.elapsed());
    delivery
}

/// `partial_success { rejected_spans, error_message }`, with a number of ten bytes.
fn rejects(spans: i64) -> Vec<u8> {
    let mut number = spans.cast_unsigned();
    let mut partial = vec![0x08];
    while number > 0x7f {
        partial.push(number as u8 | 0x80);
        number >>= 7;
    }
    partial.push(number as u8);
    partial.extend(b"\x12\x0a\x1b[31mowned");
    [&[0x0a, partial.len() as u8][..], &partial].concat()
}

#[test]
fn no_more_is_rejected_than_was_sent_and_no_less_than_nothing() {
    let _alone = alone();
    for (rejected, lost) in [(i64::MAX, SPANS), (SPANS as i64 + 1, SPANS), (-1, 0), (i64::MIN, 0)] {
        for protocol in BOTH {
            let body = rejects(rejected);
            let peer = Hostile::start(move |line| {
                if protocol == Grpc {
                    says(line, [head(), frames::message(&body), trailers("0", b"")].concat());
                } else {
                    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\nconnection: close\r\n";
                    says(line, format!("{head}content-length: {}\r\n\r\n", body.len()));
                    says(line, &body);
                }
            });
            let delivery = end_with(&peer, protocol);
            let told = format!("{rejected} over {protocol}: {delivery}");
            let sum = delivery.delivered + delivery.lost.rejected;
            assert_eq!((sum, delivery.lost.rejected), (SPANS, lost), "{told}");
        }
    }
}

#[test]
fn a_flood_that_never_ends_holds_no_end_up() {
    let _alone = alone();
    for (protocol, flood) in [
        (HttpProtobuf, b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()),
        (Grpc, frames::frame(frames::PING, 0, 0, b"are you?")),
    ] {
        let peer = Hostile::start(move |line| {
            if protocol == Grpc {
                says(line, frames::opening());
            }
            line.say_for_ever(&flood);
        });
        let delivery = end_with(&peer, protocol);
        assert_eq!(delivery.delivered, 0, "{delivery}");
    }
}
