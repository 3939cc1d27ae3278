//! What drawn records are made of, and how many words each takes: known from the format alone.
//!
//! Of the tests here, and of the fuzz targets, whose records are drawn from bytes.

use exo_trace_core::{
    Callsite, CallsiteFacts, Dropped, Event, Facts, Failure, Fields, InternedKey, Key, Link,
    Record, SpanKind, SpanRecord, StatusRecord, Value,
};

pub(crate) static KEYS: [InternedKey; 4] = [
    InternedKey::new(Key::new("gen_ai.request.model")),
    InternedKey::new(Key::new("exo.agent.step")),
    InternedKey::new(Key::new("exo.tool.name")),
    InternedKey::new(Key::new("url.full")),
];

pub(crate) static CALLSITE: Callsite = Callsite::new(&CallsiteFacts {
    name: "fetch_data",
    kind: SpanKind::Client,
    function: "agent::fetch_data",
    module: "agent",
    file: "agent.rs",
    line: 7,
    scope_name: "agent",
    scope_version: "1.0",
    attributes: &[],
});

/// Returns how many words a record takes.
pub(crate) fn words_of(record: &Record<'_>) -> usize {
    let (fixed, attributes) = match *record {
        Record::Span(SpanRecord { dropped, identity, attributes, .. }) => {
            let has_dropped = dropped != Dropped::default();
            (7 + usize::from(has_dropped) + usize::from(identity.is_some()), attributes)
        }
        Record::Facts(Facts { attributes, .. }) => (2, attributes),
        Record::Event(Event { name, attributes, .. }) => (4 + text_words(name), attributes),
        Record::Failure(Failure { type_name, message, attributes, .. }) => {
            (5 + text_words(type_name) + text_words(message), attributes)
        }
        Record::Link(Link { attributes, .. }) => (5, attributes),
        Record::Status(StatusRecord { description: text, .. })
        | Record::Name { name: text, .. } => (3 + text_words(text), Fields::NONE),
        _ => unreachable!("no other kind is drawn"),
    };
    fixed + attributes.iter().map(|one| 1 + value_words(one.value)).sum::<usize>()
}

fn value_words(value: Value<'_>) -> usize {
    match value {
        Value::Empty => 0,
        Value::Text(text) => text_words(text),
        Value::Texts(texts) => texts.iter().map(|text| 1 + text_words(text)).sum(),
        _ => 1,
    }
}

fn text_words(text: &str) -> usize {
    text.len().div_ceil(8)
}
