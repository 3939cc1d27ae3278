//! What a gRPC status means for the request it answers.
//!
//! Source: OTLP specification 1.9, "Failures" and "OTLP/gRPC Throttling".

use super::discreet::Discreet;
use super::reply;
use crate::exporter::otlp::answer::Answer;
use tonic::{Code, Status};

/// What servers say of a request that is longer than they take: gRPC in Go, C++ and JavaScript; tonic;
/// gRPC in Java and .NET; proxies and gateways.
const TOO_LONG: [&str; 10] = [
    "larger than max",
    "length too large",
    "message too large",
    "request too large",
    "body too large",
    "entity too large",
    "payload too large",
    "exceeds maximum size",
    "exceeds the maximum configured message size",
    "exceeds the limit",
];

/// Says what came of a request that was answered with this status.
pub(super) fn answer_to(status: &Status, discreet: &Discreet) -> Answer {
    let code = status.code();
    let reason = discreet.with_quote(format!("the collector answered {code:?}"), status.message());
    let after = reply::failure(status.details()).and_then(|failure| failure.retry_after);
    match code {
        Code::OutOfRange | Code::ResourceExhausted
            if after.is_none() && is_too_long(status.message()) =>
        {
            Answer::TooLong { reason }
        }
        // Without a word on when to come back, what is used up is not said to be there again.
        Code::ResourceExhausted if after.is_none() => Answer::Refused { reason },
        Code::ResourceExhausted
        | Code::Cancelled
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::OutOfRange
        | Code::Unavailable
        | Code::DataLoss => Answer::Retry { reason, after },
        Code::Unimplemented => Answer::Refused {
            reason: format!("{reason}: does this port take OTLP over gRPC? HTTP is usually 4318"),
        },
        _ => Answer::Refused { reason },
    }
}

/// Tells whether a message speaks of the request's length.
fn is_too_long(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    TOO_LONG.iter().any(|words| message.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// `Status { details: [Any { RetryInfo { 2.5 s } }] }` in protobuf.
    const COME_BACK: &[u8] = b"\x1a\x39\x0a\x28type.googleapis.com/google.rpc.RetryInfo\x12\x0d\
        \x0a\x0b\x08\x02\x10\x80\xca\xb5\xee\x01\x90\x03\x01";

    fn answer(code: Code, message: &str, details: &'static [u8]) -> Answer {
        let status = Status::with_details(code, message, details.into());
        answer_to(&status, &Discreet::about([]))
    }

    #[test]
    fn codes_that_pass_are_tried_again_and_others_are_not() {
        for number in 1..=16 {
            let code = Code::from_i32(number);
            let is_retried = matches!(answer(code, "x", b""), Answer::Retry { after: None, .. });
            assert_eq!(is_retried, [1, 4, 10, 11, 14, 15].contains(&number), "{code:?}");
        }
    }

    #[test]
    fn exhausted_with_a_date_is_throttling_and_without_one_is_refused() {
        let after = Some(Duration::from_millis(2_500));
        for code in [Code::ResourceExhausted, Code::Unavailable] {
            let reason = format!("the collector answered {code:?}: \"busy\"");
            assert_eq!(answer(code, "busy", COME_BACK), Answer::Retry { reason, after });
        }
        for garbage in [&b""[..], b"\xff\xff", b"\x1a\x02\x0a\x00"] {
            let answer = answer(Code::ResourceExhausted, "quota used up", garbage);
            assert!(matches!(answer, Answer::Refused { .. }), "{answer:?}");
        }
    }

    #[test]
    fn what_says_it_was_too_long_is_halved() {
        for said in [
            "Error, decoded message length too large: found 9 bytes, the limit is: 5 bytes",
            "grpc: received message after decompression larger than max 4194304",
            "grpc: received message larger than max (9 vs. 5)",
            "CLIENT: Received message larger than max (9 vs. 5)",
            "gRPC message exceeds maximum size 5: 9",
            "Received message exceeds the maximum configured message size.",
            "the request exceeds the limit of 5 bytes",
            "Request Entity Too Large",
        ] {
            for code in [Code::OutOfRange, Code::ResourceExhausted] {
                let long = answer(code, said, b"");
                assert!(matches!(long, Answer::TooLong { .. }), "{code:?} {said}");
            }
            let busy = answer(Code::ResourceExhausted, said, COME_BACK);
            assert!(matches!(busy, Answer::Retry { after: Some(_), .. }), "{busy:?}");
        }
    }
}
