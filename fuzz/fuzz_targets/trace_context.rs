//! Any `traceparent` and `tracestate` are read as OpenTelemetry's propagator reads them, or a named rule
//! says why not.
//!
//! Where the two disagree, the rule is applied to the text, and then they must agree: a difference
//! that no rule foretells is a crash.
#![no_main]

use exo_trace_core::SpanContext;
use exo_trace_std::propagation::{TRACE_STATE_BYTES_MAX, TRACE_STATE_MEMBERS_MAX, TraceState};
use libfuzzer_sys::fuzz_target;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{SpanContext as Theirs, TraceContextExt, TraceState as TheirState};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use std::sync::LazyLock;

/// Whatever a state belongs to.
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// How many digits each field has.
const WIDTHS: [usize; 4] = [2, 32, 16, 2];
/// What HTTP lets stand around a field.
const BLANKS: [char; 2] = [' ', '\t'];

/// What lists of members are made of, the right and the wrong.
const PIECES: &[&str] = &[
    "a",
    "b",
    "c",
    "0",
    "A",
    "_",
    "@",
    "=",
    "=",
    "=1",
    "=2",
    ",",
    ",",
    ",",
    ",a=1",
    ",b=2",
    ",c=3",
    " ",
    "\t",
    "\n",
    "é",
    "\u{7f}",
    "\u{a0}",
    "==",
    "@sys",
    ",a@abcdefghijklm=1",
    ",b@abcdefghijklmn=1",
    "a=b",
    ", ,",
    "xxxxxxxxxxxxxxxx",
    "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
    ",d@e=4",
    "*/-",
];

fuzz_target!(|bytes: &[u8]| {
    let text = text_of(bytes);
    let (parent, state) = text.split_once('\n').unwrap_or((&text, &text));
    for parent in [parent, &spliced(bytes)] {
        compare_parents(parent);
    }
    compare_states(state);
    let headers: Vec<&str> = state.split('\n').collect();
    assert_eq!(TraceState::from_headers(headers.clone()), headers.join(",").parse());
});

/// Reads bytes as text, or, every other time, as pieces of a list: chance alone seldom writes one.
fn text_of(bytes: &[u8]) -> String {
    match bytes.split_last() {
        Some((last, bytes)) if last % 2 == 0 => bytes.iter().enumerate().map(piece).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// One of the pieces, or a member with a key and a length of its own.
fn piece((place, byte): (usize, &u8)) -> String {
    match PIECES.get(usize::from(*byte) % 64) {
        Some(piece) => (*piece).to_owned(),
        None => format!(",k{place}={}", "v".repeat(usize::from(*byte))),
    }
}

/// Two headers, as their propagator asks for them.
struct Headers<'a> {
    parent: &'a str,
    state: &'a str,
}

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "traceparent" => Some(self.parent),
            "tracestate" => Some(self.state),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}

/// What the SDK's propagator makes of two headers.
fn theirs(parent: &str, state: &str) -> Option<Theirs> {
    static PROPAGATOR: LazyLock<TraceContextPropagator> = LazyLock::new(<_>::default);
    let headers = Headers { parent, state };
    let context = PROPAGATOR.extract_with_context(&Context::new(), &headers);
    let span = context.span().span_context().clone();
    span.is_valid().then_some(span)
}

/// Makes a well-formed text wrong in one place, mostly of the same length, which chance seldom does.
fn spliced(bytes: &[u8]) -> String {
    let (&first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let (place, width) = (usize::from(first) % PARENT.len(), 1 + usize::from(first) / PARENT.len());
    let patch: String = String::from_utf8_lossy(rest).chars().take(width).collect();
    let mut spliced = PARENT.to_owned();
    spliced.replace_range(place..PARENT.len().min(place + width), &patch);
    spliced
}

fn compare_parents(text: &str) {
    let (ours, theirs) = (SpanContext::from_traceparent(text).ok(), theirs(text, ""));
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => assert_same(&ours, &theirs, text),
        (None, Some(theirs)) => {
            let mended = mended(text);
            assert_ne!(mended, text, "they read what we refuse, and no rule says why");
            let ours = SpanContext::from_traceparent(&mended);
            assert_same(&ours.expect("mended, it is well formed"), &theirs, text);
        }
        (Some(_), None) => panic!("we read what they refuse: {text:?}"),
        (None, None) => {}
    }
    if let Some(ours) = ours {
        let sent = ours.to_traceparent();
        let back = SpanContext::from_traceparent(&sent).expect("we wrote it");
        assert_eq!((back.trace_id, back.span_id), (ours.trace_id, ours.span_id));
        assert_eq!(back.flags.to_byte(), ours.flags.to_byte() & 3);
    }
}

/// Rule: of the flags they keep *sampled* alone; level 2 has *random* sent on as well.
fn assert_same(ours: &SpanContext, theirs: &Theirs, text: &str) {
    assert_eq!(ours.trace_id.to_bytes(), theirs.trace_id().to_bytes(), "{text:?}");
    assert_eq!(ours.span_id.to_bytes(), theirs.span_id().to_bytes(), "{text:?}");
    assert_eq!(ours.flags.to_byte() & 1, theirs.trace_flags().to_u8(), "{text:?}");
    assert!(ours.is_remote && theirs.is_remote());
}

/// Writes what they read as the recommendation would have had it.
fn mended(text: &str) -> String {
    // Rule: they take any white space of Unicode for a blank, a line's end among them.
    let text = text.trim();
    // Rule: they overlook one dash at the end, which version 00 has not.
    let text = text.strip_suffix('-').unwrap_or(text);
    let fields: Vec<String> = text.split('-').zip(WIDTHS).map(mended_field).collect();
    fields.join("-")
}

/// Rules: they read numbers, so a sign may lead, zeros may be many or missing, and a version's letters
/// may be capital.
fn mended_field((field, width): (&str, usize)) -> String {
    let digits = field.strip_prefix('+').unwrap_or(field).trim_start_matches('0');
    format!("{:0>width$}", digits.to_lowercase())
}

/// What a list is to both: its members, or nothing because one of them is refused.
type Read = Option<Vec<(String, String)>>;

fn compare_states(text: &str) {
    let pieces: Vec<(&str, Read, Read)> = text.split(',').map(read_alone).collect();
    // Rule: they stop after 32 members, empty ones counted; a 33rd that is not empty makes us refuse.
    // A comma at the end begins no member of theirs.
    let their_len = pieces.len() - usize::from(pieces.last().is_some_and(|last| last.0.is_empty()));
    let foretold =
        all(pieces[..their_len.min(TRACE_STATE_MEMBERS_MAX)].iter().map(|piece| &piece.2));
    assert_eq!(their_state(text), foretold, "{text:?}");
    let listed = pieces.iter().filter(|piece| !piece.0.trim_matches(BLANKS).is_empty()).count();
    let foretold = all(pieces.iter().map(|piece| &piece.1));
    let foretold = foretold.filter(|_| listed <= TRACE_STATE_MEMBERS_MAX).map(kept);
    assert_eq!(our_state(text), foretold, "{text:?}");
}

/// What stands between two commas, and what we and they make of it by itself.
fn read_alone(piece: &str) -> (&str, Read, Read) {
    let member = piece.trim_matches(BLANKS);
    let ours = our_state(member);
    let theirs = their_members(piece);
    if !member.is_empty() {
        compare_members(member, &ours, &theirs);
    }
    (piece, ours, theirs)
}

/// Joins what was read of each, unless one was refused.
fn all<'r>(mut read: impl Iterator<Item = &'r Read>) -> Read {
    read.try_fold(Vec::new(), |mut all, one| {
        all.extend_from_slice(one.as_ref()?);
        Some(all)
    })
}

/// Rules: of a key given twice we keep the first, they keep both; over our limit of bytes members
/// above 128 go, from the end.
fn kept(members: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut kept: Vec<(String, String)> = Vec::new();
    for member in members {
        if kept.iter().all(|(key, _)| *key != member.0) {
            kept.push(member);
        }
    }
    let bytes = |(key, value): &(String, String)| key.len() + value.len() + 1;
    while kept.iter().map(|member| bytes(member) + 1).sum::<usize>() > TRACE_STATE_BYTES_MAX + 1 {
        let last = kept.iter().rposition(|member| bytes(member) > 128);
        kept.remove(last.expect("members that are not long fit"));
    }
    kept
}

fn our_state(text: &str) -> Read {
    let state: TraceState = text.parse().ok()?;
    assert!(state.as_str().len() <= TRACE_STATE_BYTES_MAX);
    assert_eq!(state.as_str().parse(), Ok(state.clone()));
    Some(state.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
}

/// Their propagator does not say whether a list was refused or empty; it was refused if a member of it was.
fn their_state(text: &str) -> Read {
    let read = theirs(PARENT, text).expect("it is well formed");
    let members = members(read.trace_state());
    let said = text.split_terminator(',').take(TRACE_STATE_MEMBERS_MAX);
    let is_refused = members.is_empty() && said.clone().any(|m| !m.trim_matches(BLANKS).is_empty());
    (!is_refused).then_some(members)
}

/// What their propagator reads a list with, asked without it.
fn their_members(text: &str) -> Read {
    text.parse().ok().map(|state: TheirState| members(&state))
}

fn members(state: &TheirState) -> Vec<(String, String)> {
    state.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn compare_members(member: &str, ours: &Read, theirs: &Read) {
    let (key, value) = member.split_once('=').unwrap_or((member, ""));
    match (ours, theirs) {
        // Rules: they let a key be empty, and a value be empty, of any characters, or behind several
        // equals signs.
        (None, Some(_)) => {
            let is_printed = value.chars().all(|sign| matches!(sign, ' '..='~'));
            let is_lax = key.is_empty() || value.is_empty() || value.starts_with('=');
            assert!(is_lax || !is_printed, "{member:?}");
        }
        // Rule: their keys are level 1's, with one system behind one `@`.
        (Some(_), None) => {
            let (_, system) = key.split_once('@').expect("it is level 1's only mark");
            let is_first = |sign: char| matches!(sign, 'a'..='z' | '0'..='9');
            assert!(system.len() > 13 || !system.starts_with(is_first) || system.contains('@'));
        }
        _ => assert_eq!(ours, theirs, "{member:?}"),
    }
}
