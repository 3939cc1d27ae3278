//! Whatever a collector says, and however much of it: little is taken, nothing is believed, and the
//! deadline is kept.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod hostile;

use exo_trace_export::Protocol::{self, Grpc, HttpProtobuf};
use exo_trace_export::exporter::Sent;
use hostile::frames::{self, frame, head, opening, trailers};
use hostile::{BOTH, Hostile, KERNEL_BYTES_MAX, Line, ask, assert_little_was_held};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

type Act = fn(&mut Line);

/// Longer than one request may take, so that its own end is heard.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Shorter than the pause before a second attempt.
const ONCE: Duration = Duration::from_millis(200);

fn says(line: &mut Line, bytes: impl AsRef<[u8]>) {
    line.say(bytes.as_ref());
}

fn is_taken(sent: &Sent) -> bool {
    matches!(sent, Sent::Accepted { rejected: 0, .. })
}

fn is_refused(sent: &Sent) -> bool {
    matches!(sent, Sent::Refused { .. })
}

fn is_given_up(sent: &Sent) -> bool {
    matches!(sent, Sent::GivenUp { .. })
}

/// What it is called, what the peer does, and what becomes of the request.
type Endless = (&'static str, Act, fn(&Sent) -> bool);

fn each_is_taken_up_to_a_bound(protocol: Protocol, stories: &[Endless]) {
    for &(what, act, is_it) in stories {
        let peer = Hostile::start(act);
        let came = ask(&peer.config(protocol), PATIENCE);
        assert!(is_it(&came.sent), "{what}: {:?}", came.sent);
        assert!(peer.taken() < KERNEL_BYTES_MAX, "{what}: {} bytes", peer.taken());
    }
    assert_little_was_held();
}

const WITHOUT_END_OVER_HTTP: [Endless; 9] = [
    (
        "a body that is said to be endless",
        |line| {
            says(line, "HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\n");
            line.say_for_ever(b"spans? ");
        },
        is_taken,
    ),
    (
        "a body in chunks",
        |line| {
            says(
                line,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
            );
            line.say_for_ever(b"1\r\n[\r\n");
        },
        is_taken,
    ),
    (
        "an error's body",
        |line| {
            says(line, "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\n\r\n");
            line.say_for_ever(b"\x1b[2J\x1b]0;owned\x07\r\n");
        },
        is_refused,
    ),
    (
        "a bomb of gzip",
        |line| {
            says(
                line,
                "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-encoding: gzip\r\n\r\n\x1f",
            );
            line.say_for_ever(b"\x8b\x08\0\0\0\0\0\0\x03\xed\xc1\x01\x01\0\0");
        },
        is_taken,
    ),
    (
        "a chunk's extension",
        |line| {
            says(line, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;");
            line.say_for_ever(b"x");
        },
        is_taken,
    ),
    (
        "a head of many lines",
        |line| {
            says(line, "HTTP/1.1 200 OK\r\n");
            line.say_for_ever(b"x-field: value\r\n");
        },
        is_given_up,
    ),
    (
        "a head of one line",
        |line| {
            says(line, "HTTP/1.1 200 OK\r\nx-field: ");
            line.say_for_ever(b"value ");
        },
        is_given_up,
    ),
    ("a first line", |line| line.say_for_ever(b"HTTP"), |_| true),
    (
        "answers that only announce one",
        |line| line.say_for_ever(b"HTTP/1.1 100 Continue\r\n\r\n"),
        is_given_up,
    ),
];

#[test]
fn an_answer_without_end_is_read_up_to_a_bound() {
    each_is_taken_up_to_a_bound(HttpProtobuf, &WITHOUT_END_OVER_HTTP);
}

#[test]
fn an_answer_that_never_begins_ends_with_the_timeout_and_nothing_is_kept_of_it() {
    for status in ["100 Continue", "103 Early Hints\r\nlink: </a>"] {
        let peer = Hostile::start(move |line| {
            line.say_on_and_on(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes());
        });
        let came = ask(&peer.config(HttpProtobuf), PATIENCE);
        assert!(is_given_up(&came.sent) && came.last().contains("no answer"), "{:?}", came.said);
    }
    assert_little_was_held();
}

const WITHOUT_END_OVER_GRPC: [Endless; 14] = [
    (
        "a message of four gigabytes",
        |line| {
            says(line, [head(), frame(frames::DATA, 0, 1, b"\0\xff\xff\xff\xff")].concat());
            line.say_for_ever(&frame(frames::DATA, 0, 1, &[0; 1_000]));
        },
        is_taken,
    ),
    (
        "a message that is said to be packed",
        |line| {
            says(line, [head(), frame(frames::DATA, 0, 1, b"\x01\0\0\0\x03\x1f\x8b\x08")].concat());
            says(line, trailers("0", b""));
        },
        |_| true,
    ),
    (
        "messages",
        |line| {
            says(line, head());
            line.say_for_ever(&frames::message(b""));
        },
        is_given_up,
    ),
    (
        "frames with nothing in them",
        |line| {
            says(line, head());
            line.say_for_ever(&frame(frames::DATA, 0, 1, b""));
        },
        is_given_up,
    ),
    (
        "settings",
        |line| {
            says(line, opening());
            line.say_for_ever(&frame(frames::SETTINGS, 0, 0, b"\0\x04\0\x01\0\0"));
        },
        is_given_up,
    ),
    (
        "pings",
        |line| {
            says(line, opening());
            line.say_for_ever(&frame(frames::PING, 0, 0, b"are you?"));
        },
        is_given_up,
    ),
    (
        "goodbyes",
        |line| {
            says(line, opening());
            line.say_for_ever(&frame(
                frames::GOAWAY,
                0,
                0,
                b"\0\0\0\x01\0\0\0\x0b\x1b[31mtoo calm",
            ));
        },
        is_given_up,
    ),
    (
        "windows",
        |line| {
            says(line, opening());
            line.say_for_ever(&frame(frames::WINDOW_UPDATE, 0, 0, b"\x7f\xff\xff\xff"));
        },
        |_| true,
    ),
    (
        "resets of a stream",
        |line| {
            says(line, opening());
            line.say_for_ever(&frame(frames::RST_STREAM, 0, 1, b"\0\0\0\x0b"));
        },
        |_| true,
    ),
    (
        "headers that go on",
        |line| {
            says(line, [opening(), frame(frames::HEADERS, 0, 1, b"\x88")].concat());
            line.say_for_ever(&frame(
                frames::CONTINUATION,
                0,
                1,
                &frames::field("x-field", "value"),
            ));
        },
        |_| true,
    ),
    (
        "headers that unpack to much",
        |line| {
            // One long field, put into the table, and then told by its number.
            let long = [&b"\x40\x01x\x7f\xa1\x1e"[..], &[b'v'; 4_000]].concat();
            says(
                line,
                [opening(), frame(frames::HEADERS, 0, 1, &[&b"\x88"[..], &long].concat())].concat(),
            );
            line.say_for_ever(&frame(frames::CONTINUATION, 0, 1, &[0xbe; 16_000]));
        },
        |_| true,
    ),
    (
        "frames that nobody knows",
        |line| {
            says(line, opening());
            line.say_for_ever(&frame(frames::UNHEARD_OF, 0, 0, &[7; 1_000]));
        },
        is_given_up,
    ),
    (
        "frames longer than any",
        |line| {
            says(line, opening());
            line.say_for_ever(&[0xff; 9]);
        },
        |_| true,
    ),
    ("answers of HTTP/1", |line| line.say_for_ever(b"HTTP/1.1 100 Continue\r\n\r\n"), is_refused),
];

#[test]
fn a_flood_over_grpc_is_taken_up_to_a_bound() {
    each_is_taken_up_to_a_bound(Grpc, &WITHOUT_END_OVER_GRPC);
}

#[test]
fn a_byte_now_and_then_holds_nobody_longer_than_the_timeout() {
    let over_http: Act = |line| {
        says(line, "HTTP/1.1 200 OK\r\n\r\n");
        line.trickle(b'a');
    };
    let over_grpc: Act = |line| {
        says(line, head());
        line.trickle(0);
    };
    for (protocol, acts) in [
        (HttpProtobuf, [over_http, |line| line.trickle(b'H')]),
        (Grpc, [over_grpc, |line| line.trickle(0)]),
    ] {
        for act in acts {
            ask(&Hostile::start(act).config(protocol), PATIENCE);
        }
    }
}

#[test]
fn a_connection_may_end_at_any_byte() {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 4\r\n\r\n\x0a\x02\x08\0";
    let over_grpc = [head(), frames::message(b"\x0a\x02\x08\0"), trailers("0", b"")].concat();
    for (protocol, answer) in [(HttpProtobuf, answer.to_vec()), (Grpc, over_grpc)] {
        for end in 0..=answer.len() {
            let cut = answer[..end].to_vec();
            let came = ask(&Hostile::start(move |line| says(line, &cut)).config(protocol), ONCE);
            let is_whole = end == answer.len() && is_taken(&came.sent);
            assert!(is_whole || !is_refused(&came.sent), "{protocol} {end}: {:?}", came.sent);
        }
    }
}

#[test]
fn a_redirect_is_not_followed_and_the_reason_says_where_it_pointed() {
    for status in [301, 302, 303, 307, 308] {
        for protocol in BOTH {
            let elsewhere = Hostile::start(|_| {});
            let there = elsewhere.address;
            let peer = Hostile::start(move |line| {
                let location = format!("http://me:hunter-two@{there}/v1/traces?key=hunter-two");
                if protocol == HttpProtobuf {
                    says(
                        line,
                        format!(
                            "HTTP/1.1 {status} Elsewhere\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
                        ),
                    );
                } else {
                    let fields = [
                        frames::field(":status", &status.to_string()),
                        frames::field("location", &location),
                    ];
                    let head = frame(
                        frames::HEADERS,
                        frames::END_HEADERS | frames::END_STREAM,
                        1,
                        &fields.concat(),
                    );
                    says(line, [opening(), head].concat());
                }
            });
            let config = peer.config(protocol).headers([("authorization", "Bearer hunter-one")]);
            let came = ask(&config, PATIENCE);
            assert!(is_refused(&came.sent), "{status} over {protocol}: {:?}", came.sent);
            let reason = came.last();
            assert!(reason.contains(&there.to_string()), "{reason}");
            assert!(reason.contains(&status.to_string()) && !reason.contains("hunter"), "{reason}");
            assert_eq!(elsewhere.connections.load(Relaxed), 0, "{status} over {protocol}");
        }
    }
}

#[test]
fn who_asks_for_years_is_asked_again_within_minutes_and_nonsense_is_no_date() {
    for after in
        ["-1", "31536000", "99999999999999999999999", "1e9", "Fri, 31 Dec 9999 23:59:59 GMT"]
    {
        let peer = Hostile::start(move |line| {
            says(
                line,
                format!("HTTP/1.1 503 No\r\nretry-after: {after}\r\ncontent-length: 0\r\n\r\n"),
            );
        });
        let came = ask(&peer.config(HttpProtobuf), ONCE);
        assert!(is_given_up(&came.sent), "{after}: {:?}", came.sent);
    }
}
