//! What the tree says of a span besides its name and time: what matters for its kind, in one line.
//!
//! A failure shows its type and message; a cancelled span why, if it said so; a tool what it did; a
//! model call its tokens, the time to the first of them and its chunks; a stream how many items came;
//! any other span the arguments it was called with. Agents and roots sum up the calls below them, and
//! what has a cost shows it last.

use super::render::{Facts, Mark, Row, duration};
use super::tokens::Tokens;
use crate::SpanData;
use crate::prices::{tokens, usd};
use crate::span_data::write_value;
use exo_trace_core::Outcome;
use exo_trace_std::{StatusCode, Value, semconv};
use std::fmt::Write;

/// Returns the row of a span; `sum` is what it shows of the calls below it.
pub(super) fn row_of(span: &SpanData<'_>, sum: Option<Tokens>, has_attributes: bool) -> Row {
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
        facts: facts(span, sum, mark, has_attributes),
        mark,
    }
}

fn facts(span: &SpanData<'_>, sum: Option<Tokens>, mark: Mark, has_attributes: bool) -> Facts {
    let mut text = match mark {
        Mark::Error | Mark::Panicked => failure(span),
        Mark::Cancelled => cancelled(span),
        Mark::None => String::new(),
    };
    let mut aside = String::new();
    if text.is_empty() && span.operation().is_call() {
        text = call(span);
        aside = items(span).filter(|_| !asks_for_tools(span)).unwrap_or_default();
    } else if text.is_empty() {
        text = what_it_did(span);
    }
    if let Some(sum) = sum {
        space(&mut text);
        text.push_str(&sum_of(sum));
    }
    let cost = match span.attribute(semconv::EXO_COST_TOTAL_USD.as_str()) {
        Some(Value::F64(cost)) => usd(cost),
        _ => String::new(),
    };
    let more = if has_attributes { every_attribute(span) } else { String::new() };
    Facts { text, aside, cost, more }
}

/// Where the code stands comes last: it is long, and the row is cut at its end.
fn every_attribute(span: &SpanData<'_>) -> String {
    let mut text = String::new();
    let (place, own): (Vec<_>, Vec<_>) =
        span.attributes().partition(|(key, _)| key.starts_with("code."));
    own.into_iter().chain(place).for_each(|(key, value)| push(&mut text, key, value));
    text
}

fn failure(span: &SpanData<'_>) -> String {
    let status = span.status();
    let message = status.description();
    match (span.attribute(semconv::ERROR_TYPE.as_str()), message) {
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

/// What a model call used and how it went, as `842 → 136  ttft 96 ms`.
fn call(span: &SpanData<'_>) -> String {
    let mut facts = Tokens::of(span).map_or_else(String::new, |used| match used.output {
        Some(output) => format!("{} → {}", tokens(used.input), tokens(output)),
        None => sum_of(used),
    });
    let first = span.attribute(semconv::GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK.as_str());
    let first = first.or_else(|| span.attribute("exo.stream.time_to_first_item"));
    if let Some(Value::F64(seconds)) = first {
        space(&mut facts);
        facts.push_str("ttft ");
        facts.push_str(&duration((seconds * 1e9) as u64));
    }
    facts
}

/// Tells whether an answer asks for tools: it is read as a whole, so nobody waits for its chunks.
fn asks_for_tools(span: &SpanData<'_>) -> bool {
    let is_asking = |reason| matches!(reason, "tool_calls" | "tool_call" | "tool_use");
    match span.attribute("gen_ai.response.finish_reasons") {
        Some(Value::Texts(reasons)) => reasons.iter().any(is_asking),
        _ => false,
    }
}

/// What all calls below a span used, as `1,962 → 243 tok`.
fn sum_of(sum: Tokens) -> String {
    match sum.output {
        Some(output) => format!("{} → {} tok", tokens(sum.input), tokens(output)),
        None => format!("{} tok", tokens(sum.input)),
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
    match span.attribute(semconv::EXO_STREAM_ITEMS.as_str())? {
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
