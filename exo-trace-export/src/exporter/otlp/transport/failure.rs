//! Why no answer came, in words a person understands.
//!
//! Libraries wrap one cause in another, four and five deep; the innermost is what an operator can
//! act on, and the types on the way say whether anybody else can. Parts of them are the far side's
//! words, names in a certificate and debug data of HTTP/2, and are shown as such: no secret, one line.

use super::discreet::Discreet;
use crate::exporter::otlp::answer::Answer;
use std::error::Error;
use std::io;
use std::iter;
use std::time::Duration;

/// How deep causes are followed.
const CAUSES_MAX: usize = 16;

/// What hyper has several words for, none of which says more.
const CLOSED: &str = "the connection was closed before an answer came";
const SILENT: &str = "the connection went silent";

/// What a way expects of the far side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// The protocol it must speak.
    pub(super) protocol: &'static str,
    /// What else may be on that port.
    pub(super) hint: &'static str,
    /// What else may be amiss behind TLS.
    pub(super) hint_behind_tls: &'static str,
}

/// What is known of the far side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) is_tls: bool,
    /// Whether it ever answered: then it is what it should be, and hints would mislead.
    pub(super) has_answered: bool,
}

/// Says that nobody answered in time.
pub(super) fn timed_out(timeout: Duration) -> Answer {
    unreachable(format!("no answer within {timeout:?}"))
}

/// Says what came of a request that failed before an answer.
pub(super) fn answer_to(
    error: &(dyn Error + 'static),
    expected: Expected,
    known: Known,
    discreet: &Discreet,
) -> Answer {
    if causes(error).any(is_no_tls) {
        return refused(
            "what answers there does not speak TLS: is it http:// rather than https://?",
        );
    }
    if causes(error).any(is_long) {
        return unreachable("the head of its answer is longer than anybody reads");
    }
    if causes(error).any(is_foreign) {
        let Expected { protocol, hint, .. } = expected;
        return refused(format!("what answers there does not speak {protocol}: {hint}"));
    }
    let telling = causes(error).filter(|error| is_telling(*error)).last();
    let telling = telling.or_else(|| causes(error).last()).unwrap_or(error);
    let reason = discreet.line(&in_words(telling));
    if known.has_answered || !is_broken_off(telling) {
        return unreachable(reason);
    }
    let hint = if known.is_tls { expected.hint_behind_tls } else { expected.hint };
    unreachable(format!("{reason}; if it always is so: {hint}"))
}

/// Returns an error and what caused it, outermost first.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |error| cause(*error)).take(CAUSES_MAX)
}

/// An I/O error that wraps another passes over it when asked for its source.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn is_no_tls(error: &(dyn Error + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(rustls::Error::InvalidMessage(_)))
}

/// Tells whether headers without end came; hyper has a question for it in servers alone.
fn is_long(error: &(dyn Error + 'static)) -> bool {
    let is_it = |error: &hyper::Error| error.is_parse() && error.to_string().contains("too large");
    error.downcast_ref().is_some_and(is_it)
}

/// Tells whether what came is not the protocol: found by us, not said by the far side.
fn is_foreign(error: &(dyn Error + 'static)) -> bool {
    let parse = error.downcast_ref().is_some_and(hyper::Error::is_parse);
    let frames = error.downcast_ref().is_some_and(|error: &h2::Error| {
        let reasons = [h2::Reason::FRAME_SIZE_ERROR, h2::Reason::PROTOCOL_ERROR];
        error.is_library() && error.reason().is_some_and(|reason| reasons.contains(&reason))
    });
    parse || frames
}

/// Tells whether an error knows more than its text: the innermost is at times a bare text.
fn is_telling(error: &(dyn Error + 'static)) -> bool {
    error.is::<io::Error>()
        || error.is::<rustls::Error>()
        || error.is::<h2::Error>()
        || error.is::<hyper::Error>()
}

/// Tells whether there was a connection, and it ended.
fn is_broken_off(error: &(dyn Error + 'static)) -> bool {
    let kind = error.downcast_ref().map(io::Error::kind);
    kind == Some(io::ErrorKind::ConnectionReset) || in_words(error) == CLOSED
}

/// Returns an error's words, without the number that the system has for it.
fn in_words(error: &(dyn Error + 'static)) -> String {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, UnexpectedEof};
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return if error.is_timeout() { SILENT } else { CLOSED }.to_owned();
    }
    let goes_away = |error: &h2::Error| error.reason() == Some(h2::Reason::NO_ERROR);
    let ends =
        |error: &io::Error| matches!(error.kind(), BrokenPipe | ConnectionAborted | UnexpectedEof);
    if error.downcast_ref().is_some_and(goes_away) || error.downcast_ref().is_some_and(ends) {
        return CLOSED.to_owned();
    }
    let words = error.to_string();
    let words = words.split(" (os error").next().unwrap_or_default();
    let mut letters = words.chars();
    match letters.next() {
        // An abbreviation stays as it is.
        Some(first) if !letters.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => words.to_owned(),
    }
}

fn unreachable(reason: impl Into<String>) -> Answer {
    Answer::Unreachable { reason: reason.into() }
}

fn refused(reason: impl Into<String>) -> Answer {
    Answer::Refused { reason: reason.into() }
}
