//! What the tree says of a span besides its name and time: what matters for its kind, in one line.
//!
//! A failure shows its type and message; a cancelled span why, if it said so; a tool what it did; a
//! stream how many items came; any other span the arguments it was called with.

use super::render::{Mark, Row, duration};
use crate::SpanData;
use crate::span_data::write_value;
use exo_trace_core::Outcome;
use exo_trace_std::{StatusCode, Value};
use std::fmt::Write;

pub(super) fn row_of(span: &SpanData<'_>, has_attributes: bool) -> Row {
    let mark = match (span.outcome(), span.status().code()) {
        (Outcome::Panic, _) => Mark::Panicked,
        (Outcome::Cancelled, _) => Mark::Cancelled,
        (Outcome::Error, _) | (_, StatusCode::Error) => Mark::Error,
        (Outcome::Ended, _) => Mark::None,
    };
    Row {
        id: span.span_id().to_word(),
        parent: span.parent_span_id().map(|parent| parent.to_word()),
        name: span.name().into_owned(),
        start_unix_nano: span.start_unix_nano(),
        duration_nanos: u64::try_from(span.duration().as_nanos()).unwrap_or(u64::MAX),
        facts: facts(span, mark, has_attributes),
        mark,
    }
}

fn facts(span: &SpanData<'_>, mark: Mark, has_attributes: bool) -> String {
    let mut facts = match mark {
        Mark::Error | Mark::Panicked => failure(span),
        Mark::Cancelled => cancelled(span),
        Mark::None => String::new(),
    };
    if facts.is_empty() {
        facts = what_it_did(span);
    }
    if has_attributes {
        // Where the code stands comes last: it is long, and the row is cut at its end.
        let (place, own): (Vec<_>, Vec<_>) =
            span.attributes().partition(|(key, _)| key.starts_with("code."));
        own.into_iter().chain(place).for_each(|(key, value)| push(&mut facts, key, value));
    }
    facts
}

fn failure(span: &SpanData<'_>) -> String {
    let status = span.status();
    let message = status.description();
    match (span.attribute("error.type"), message) {
        (Some(Value::Text(kind)), "") => kind.to_owned(),
        (Some(Value::Text(kind)), message) => {
            // A path says where a type lives; its last part says what it is.
            let kind = kind.rsplit("::").next().unwrap_or(kind);
            format!("{kind}: {message}")
        }
        (_, message) => message.to_owned(),
    }
}

fn cancelled(span: &SpanData<'_>) -> String {
    match (span.attribute("exo.tool.deadline_ms"), items(span)) {
        (Some(Value::I64(ms)), _) => format!("cancelled: deadline {ms} ms"),
        (_, Some(items)) => format!("cancelled after {items}"),
        _ => String::from("cancelled"),
    }
}

fn what_it_did(span: &SpanData<'_>) -> String {
    let mut facts = String::new();
    match span.attribute("exo.tool.result") {
        Some(result) => write_value(&mut facts, result),
        None => {
            for (key, value) in span.attributes() {
                if let Some(argument) = key.strip_prefix("arg.") {
                    push(&mut facts, argument, value);
                }
            }
        }
    }
    if let Some(Value::F64(seconds)) = span.attribute("exo.stream.time_to_first_item") {
        space(&mut facts);
        facts.push_str("first ");
        facts.push_str(&duration((seconds * 1e9) as u64));
    }
    if let Some(items) = items(span) {
        space(&mut facts);
        facts.push_str(&items);
    }
    facts
}

/// How many items a stream brought, as `41 ch.`.
fn items(span: &SpanData<'_>) -> Option<String> {
    match span.attribute("exo.stream.items")? {
        Value::I64(items) => Some(format!("{items} ch.")),
        _ => None,
    }
}

fn push(facts: &mut String, key: &str, value: Value<'_>) {
    space(facts);
    // Writing to a `String` cannot fail.
    let _ = match value {
        Value::Text(text) => write!(facts, "{key}={text:?}"),
        value => {
            facts.push_str(key);
            facts.push('=');
            write_value(facts, value);
            Ok(())
        }
    };
}

fn space(facts: &mut String) {
    if !facts.is_empty() {
        facts.push_str("  ");
    }
}
