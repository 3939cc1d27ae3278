//! Which attributes a span has, once everything that was said of it is known.
//!
//! First what is constant about the call site, then what the call site evaluated, in the order it was
//! written there, then what was added later; last what the outcome says, unless somebody said it
//! before. A later value of the same key takes the earlier one's place.

use super::SpanData;
use crate::dialect::Vocabulary;
use exo_trace_core::{
    CallsiteFacts, Facts, Failure, Fields, InternedKey, Outcome, Record, SpanRecord, Texts, Written,
};
use exo_trace_std::Value;

/// Returns them under the keys that call sites use.
pub(crate) fn of<'a>(span: &'a SpanData<'_>) -> Vec<(&'static str, Value<'a>)> {
    let mut list = Vec::with_capacity(16);
    if let Some(callsite) = span.callsite() {
        of_callsite(callsite, span.vocabulary(), &mut list);
    }
    let record = span.record();
    let mut own: Vec<_> = record.attributes.iter().collect();
    let mut failed = None;
    for fact in span.facts() {
        match fact {
            Record::Facts(facts) => own.extend(facts.attributes.iter()),
            Record::Failure(failure) => failed = Some(failure),
            _ => {}
        }
    }
    // Stable: what was added later stays in the order it was added.
    own.sort_by_key(|attribute| attribute.order);
    for attribute in own {
        if let Some(key) = attribute.key.key() {
            set(&mut list, key.as_str(), readable(attribute.value));
        }
    }
    for (key, value) in span.derived() {
        set_new(&mut list, key, value);
    }
    of_outcome(record.outcome, failed, &mut list);
    let truncated: &[&str] = span.batch().truncated.of(span.place);
    if !truncated.is_empty() {
        set(&mut list, "exo.truncated", Value::Texts(Texts::Borrowed(truncated)));
    }
    list
}

/// Returns the last value of one key, from the call site or its spans; `facts` are the words of what
/// was said of a span later.
#[inline]
pub(crate) fn said<'a>(
    record: &SpanRecord<'a>,
    facts: impl Iterator<Item = &'a [u64]>,
    key: &'static InternedKey,
) -> Option<Value<'a>> {
    said_by_span(record, facts, key)
        .or_else(|| said_by_callsite(record.callsite?.callsite()?.facts(), key))
}

/// Returns the last value that a span gave to a key, besides what is constant about its call site.
#[inline]
pub(crate) fn said_by_span<'a>(
    record: &SpanRecord<'a>,
    facts: impl Iterator<Item = &'a [u64]>,
    key: &'static InternedKey,
) -> Option<Value<'a>> {
    let id = key.value_id();
    // There is no room for the key, and so nothing under it.
    if id.is_none() {
        return None;
    }
    let late = facts.filter_map(Facts::attributes_again);
    let all = std::iter::once(record.attributes).chain(late).flat_map(|list| list.encoded());
    // The last of those with the highest place.
    let own = all.filter(|said| said.key() == id).max_by_key(|said| said.order());
    own?.value().map(readable)
}

/// Returns the value that all spans of a call site have.
pub(crate) fn said_by_callsite(
    callsite: &CallsiteFacts,
    key: &'static InternedKey,
) -> Option<Value<'static>> {
    let mut constant = callsite.attributes.iter();
    constant.find_map(|(known, value)| (*known == key.key()).then_some(*value))
}

/// Puts what is constant about a call site into an empty list.
pub(crate) fn of_callsite<'a>(
    callsite: &'static CallsiteFacts,
    vocabulary: &Vocabulary,
    list: &mut Vec<(&'static str, Value<'a>)>,
) {
    for (key, value) in vocabulary.of_callsite(callsite) {
        list.push((key, value));
    }
    for (key, value) in callsite.attributes {
        set(list, key.as_str(), *value);
    }
}

fn of_outcome<'a>(
    outcome: Outcome,
    failed: Option<Failure<'a>>,
    list: &mut Vec<(&'static str, Value<'a>)>,
) {
    let outcome = match outcome {
        Outcome::Ended => None,
        Outcome::Error => Some("error"),
        Outcome::Panic => Some("panic"),
        Outcome::Cancelled => Some("cancelled"),
    };
    if let Some(outcome) = outcome {
        set(list, "exo.outcome", Value::Text(outcome));
    }
    if let Some(failure) = failed {
        set_new(list, "error.type", Value::Text(failure.type_name));
    }
}

fn set_new<'a>(list: &mut Vec<(&'static str, Value<'a>)>, key: &'static str, value: Value<'a>) {
    if list.iter().all(|(known, _)| *known != key) {
        list.push((key, value));
    }
}

fn set<'a>(list: &mut Vec<(&'static str, Value<'a>)>, key: &'static str, value: Value<'a>) {
    match list.iter_mut().find(|(known, _)| *known == key) {
        Some((_, old)) => *old = value,
        None => list.push((key, value)),
    }
}

/// Returns the attributes of an event or a link.
pub(super) fn resolved<'a>(
    attributes: Fields<'a>,
    vocabulary: &'a Vocabulary,
) -> Vec<(&'a str, Value<'a>)> {
    let named = |attribute: Written<'a>| {
        let name = vocabulary.in_namespace(attribute.key.key()?.as_str());
        Some((name, readable(attribute.value)))
    };
    attributes.iter().filter_map(named).collect()
}

/// Returns the attributes of an `exception` event.
///
/// Source: OpenTelemetry semantic conventions, "Exceptions on spans".
pub(super) fn of_failure<'a>(
    failure: &Failure<'a>,
    vocabulary: &'a Vocabulary,
) -> Vec<(&'a str, Value<'a>)> {
    let mut list = vec![("exception.type", Value::Text(failure.type_name))];
    if !failure.message.is_empty() {
        list.push(("exception.message", Value::Text(failure.message)));
    }
    list.extend(resolved(failure.attributes, vocabulary));
    list
}

/// How many attributes have no key because the table of keys was full.
pub(super) fn without_key(span: &SpanData<'_>) -> u32 {
    let late = span.facts().filter_map(|fact| match fact {
        Record::Facts(facts) => Some(facts.attributes),
        _ => None,
    });
    let all = std::iter::once(span.record().attributes).chain(late);
    all.map(keyless).sum()
}

/// How many of these attributes have no key because the table of keys was full.
pub(crate) fn keyless(attributes: Fields<'_>) -> u32 {
    attributes.iter().filter(|attribute| attribute.key.is_none()).count() as u32
}

/// Returns a whole number that is not negative, as any of the types that code may have written it with.
pub(crate) fn count(value: Value<'_>) -> Option<u64> {
    match value {
        Value::I64(count) => u64::try_from(count).ok(),
        Value::U64(count) => Some(count),
        _ => None,
    }
}

/// Gives an interned text as the text it stands for.
pub(crate) fn readable(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Interned(id) => id.key().map_or(Value::Empty, |key| Value::Text(key.as_str())),
        value => value,
    }
}
