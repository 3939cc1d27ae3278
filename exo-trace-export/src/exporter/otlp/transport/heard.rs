//! An answer from any headers and bytes, as if a collector had sent them: read by the way they would be.

use super::discreet::Discreet;
use super::{gateway, response, status};
use crate::exporter::otlp::answer::Answer;
use http::{HeaderMap, StatusCode};
use std::time::Duration;
use tonic::Status;

/// What an answer says is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// All spans but so many were taken.
    Accepted(u64),
    /// To send again, and not before, if it says when.
    Retry(Option<Duration>),
    /// To send in parts.
    TooLong,
    /// Not to send again.
    Refused,
}

/// What an answer means, and what may be shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What is to be done.
    pub meaning: Meaning,
    /// What the collector said, fit for one line.
    pub text: String,
}

/// Reads an answer over HTTP; `secrets` are what the request's headers hold.
pub fn over_http(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    secrets: impl IntoIterator<Item = String>,
) -> Heard {
    heard(response::meaning(status, headers, body, &Discreet::about(secrets)))
}

/// Reads the headers or trailers of an answer over gRPC; `None` where they hold no status that can be read.
pub fn over_grpc(
    http_status: StatusCode,
    mut headers: HeaderMap,
    secrets: impl IntoIterator<Item = String>,
) -> Option<Heard> {
    gateway::fit_headers(http_status, &mut headers);
    let status = Status::from_header_map(&headers)?;
    Some(heard(status::answer_to(&status, &Discreet::about(secrets))))
}

fn heard(answer: Answer) -> Heard {
    let (meaning, text) = match answer {
        Answer::Accepted { rejected, message } => (Meaning::Accepted(rejected), message),
        Answer::Retry { reason, after } => (Meaning::Retry(after), reason),
        Answer::Unreachable { reason } => (Meaning::Retry(None), reason),
        Answer::TooLong { reason } => (Meaning::TooLong, reason),
        Answer::Refused { reason } => (Meaning::Refused, reason),
    };
    Heard { meaning, text }
}
