//! What a collector writes into its answers: how many spans it rejected, why it failed, and when to
//! come back.
//!
//! Source: opentelemetry-proto `ExportTraceServiceResponse`; `google.rpc.Status` and `RetryInfo`.

use super::discreet::Discreet;
use super::fields::{Field, fields};
use crate::exporter::otlp::answer::Answer;
use serde_json::Value;
use std::time::Duration;

/// The type of the detail that says when to come back, behind whatever host its URL names.
const RETRY_INFO: &str = "/google.rpc.RetryInfo";

/// How long a collector may ask to be left alone. A longer wait is a mistake in its answer or its
/// clock: nobody would send until the program is started again, and its spans would be lost for it.
const AFTER_MAX: Duration = Duration::from_mins(5);

/// Why a request failed, as `google.rpc.Status` has it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) message: String,
    /// When the request may be sent again.
    pub(super) retry_after: Option<Duration>,
}

/// Reads `ExportTraceServiceResponse` from protobuf.
pub(super) fn accepted(body: &[u8], discreet: &Discreet) -> Answer {
    read_accepted(body, discreet).unwrap_or_else(unreadable)
}

/// Reads `ExportTraceServiceResponse` from JSON.
pub(super) fn accepted_json(body: &[u8], discreet: &Discreet) -> Answer {
    if body.trim_ascii().is_empty() {
        return Answer::Accepted { rejected: 0, message: String::new() };
    }
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return unreadable() };
    let partial = either(&body, "partialSuccess", "partial_success");
    let number = either(partial, "rejectedSpans", "rejected_spans");
    // JSON has 64-bit numbers as text, by the rules of protobuf; not everybody knows them.
    let rejected = number.as_str().and_then(|text| text.parse().ok()).or(number.as_i64());
    let message = either(partial, "errorMessage", "error_message").as_str().unwrap_or_default();
    let rejected = at_least_none(rejected.unwrap_or(0));
    Answer::Accepted { rejected, message: discreet.line(message) }
}

/// Reads `google.rpc.Status` from protobuf.
pub(super) fn failure(body: &[u8]) -> Option<Failure> {
    let mut failure = Failure::default();
    for field in fields(body)? {
        match field {
            (2, Field::Bytes(text)) => failure.message = String::from_utf8_lossy(text).into_owned(),
            (3, Field::Bytes(any)) => {
                failure.retry_after = retry_after(any).or(failure.retry_after)
            }
            _ => {}
        }
    }
    Some(failure)
}

/// Returns how long to leave a collector alone that asked for so much.
pub(super) fn patient(asked: Duration) -> Duration {
    asked.min(AFTER_MAX)
}

/// Reads the message of `google.rpc.Status` from JSON, or of what servers write in its place.
pub(super) fn message_in_json(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let places = [&body["message"], &body["error"]["message"], &body["error"]];
    places.into_iter().find_map(Value::as_str).map(str::to_owned)
}

/// The collector has the spans: to send them again because its answer is garbled would double them.
pub(super) fn unreadable() -> Answer {
    Answer::Accepted { rejected: 0, message: "its answer can not be read".to_owned() }
}

fn read_accepted(body: &[u8], discreet: &Discreet) -> Option<Answer> {
    let (mut rejected, mut message) = (0, String::new());
    for field in fields(body)? {
        let (1, Field::Bytes(partial)) = field else { continue };
        for field in fields(partial)? {
            match field {
                (1, Field::Number(number)) => rejected = at_least_none(number.cast_signed()),
                (2, Field::Bytes(text)) => message = discreet.line(&String::from_utf8_lossy(text)),
                _ => {}
            }
        }
    }
    Some(Answer::Accepted { rejected, message })
}

/// Reads a detail of `google.rpc.Status`: an `Any` that may hold a `RetryInfo`.
fn retry_after(any: &[u8]) -> Option<Duration> {
    let detail = fields(any)?;
    let is_retry_info = |url: &[u8]| url.ends_with(RETRY_INFO.as_bytes());
    if !detail.iter().any(|field| matches!(field, (1, Field::Bytes(url)) if is_retry_info(url))) {
        return None;
    }
    let info = detail.iter().find_map(|field| bytes_of(field, 2)).unwrap_or_default();
    let info = fields(info)?;
    let (mut seconds, mut nanos) = (0, 0);
    for field in fields(info.iter().find_map(|field| bytes_of(field, 1)).unwrap_or_default())? {
        match field {
            (1, Field::Number(number)) => seconds = at_least_none(number.cast_signed()),
            (2, Field::Number(number)) => nanos = at_least_none(number.cast_signed()),
            _ => {}
        }
    }
    Some(patient(Duration::from_secs(seconds).saturating_add(Duration::from_nanos(nanos))))
}

fn bytes_of<'a>(field: &(u64, Field<'a>), number: u64) -> Option<&'a [u8]> {
    match *field {
        (found, Field::Bytes(bytes)) if found == number => Some(bytes),
        _ => None,
    }
}

fn either<'a>(value: &'a Value, camel: &str, snake: &str) -> &'a Value {
    value.get(camel).unwrap_or(&value[snake])
}

fn at_least_none(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn accepted(body: &[u8]) -> Answer {
        super::accepted(body, &Discreet::about([]))
    }

    fn accepted_json(body: &[u8]) -> Answer {
        super::accepted_json(body, &Discreet::about([]))
    }

    fn partial(rejected: u64, message: &str) -> Answer {
        Answer::Accepted { rejected, message: message.to_owned() }
    }

    #[test]
    fn partial_success_is_read_from_both_forms() {
        assert_eq!(accepted(b""), partial(0, ""));
        assert_eq!(accepted(b"\x0a\x06\x08\x03\x12\x02no"), partial(3, "no"));
        for body in [
            r#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"no"}}"#,
            r#"{"partial_success":{"rejected_spans":3,"error_message":"no"}}"#,
        ] {
            assert_eq!(accepted_json(body.as_bytes()), partial(3, "no"));
        }
        assert_eq!(accepted_json(b"{}"), partial(0, ""));
        assert_eq!(accepted_json(br#"{"partialSuccess":{"rejectedSpans":"-1"}}"#), partial(0, ""));
    }

    #[test]
    fn a_garbled_answer_is_an_answer() {
        let garbled = partial(0, "its answer can not be read");
        assert_eq!(accepted(b"<html>"), garbled);
        assert_eq!(accepted_json(b"<html>"), garbled);
    }

    #[test]
    fn json_messages_are_found_where_servers_write_them() {
        for body in [r#"{"message":"x"}"#, r#"{"error":{"message":"x"}}"#, r#"{"error":"x"}"#] {
            assert_eq!(message_in_json(body.as_bytes()).as_deref(), Some("x"));
        }
        assert_eq!(message_in_json(b"[1]"), None);
    }

    #[test]
    fn nobody_is_left_alone_for_longer_than_makes_sense() {
        // A delay of 2^35 - 1 seconds, and one of no length at all.
        let name = RETRY_INFO.as_bytes();
        let url = [&[0x0a, u8::try_from(name.len()).unwrap()][..], name].concat();
        let ages = b"\x12\x08\x0a\x06\x08\xff\xff\xff\xff\x7f";
        assert_eq!(retry_after(&[&url[..], ages].concat()), Some(AFTER_MAX));
        assert_eq!(retry_after(&url), Some(Duration::ZERO));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = (accepted(&bytes), accepted_json(&bytes), failure(&bytes), retry_after(&bytes));
        }
    }
}
