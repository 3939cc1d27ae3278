//! Spans as a tree of text, free of times and ids: what a golden file can hold.
//!
//! Children stand below their parent in the order they began; a span whose parent is not there
//! stands at the left edge. Facts about the source (`code.*`), durations and other times are left
//! out, because they change without the trace being another one.

use crate::SpanData;
use crate::span_data::write_value;
use exo_trace_core::Outcome;
use exo_trace_std::{SpanId, Status, Value};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// Attributes that say when or where, not what.
const NOT_SHOWN: [&str; 10] = [
    "code.function.name",
    "code.file.path",
    "code.line.number",
    "code.function",
    "code.filepath",
    "code.lineno",
    "code.module",
    "exo.stream.time_to_first_item",
    "exo.stream.time_per_item",
    "gen_ai.response.time_to_first_chunk",
];

/// How many levels are shown by how far a line is indented; what is deeper says how much deeper, or the
/// text of a long chain would grow with its square.
const INDENTED_MAX: usize = 256;

/// The spans under one root, as [`capture`](crate::testing::capture) returns them.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    spans: Vec<SpanData<'static>>,
}

impl Trace {
    pub(crate) fn new(spans: Vec<SpanData<'static>>) -> Self {
        Self { spans }
    }

    /// Returns the spans, in the order they ended.
    pub fn spans(&self) -> &[SpanData<'static>] {
        &self.spans
    }

    /// Returns the spans with this name.
    pub fn named(&self, name: &str) -> Vec<&SpanData<'static>> {
        self.spans.iter().filter(|span| span.name() == name).collect()
    }

    /// Returns the children of a span, in the order they ended.
    pub fn children_of(&self, span: &SpanData<'_>) -> Vec<&SpanData<'static>> {
        let parent = Some(span.span_id());
        self.spans.iter().filter(|span| span.parent_span_id() == parent).collect()
    }

    /// Returns the trace as a tree of text, free of times and ids.
    pub fn to_text(&self) -> String {
        to_text(&self.spans)
    }
}

/// Returns spans as trees of text.
pub(crate) fn to_text(spans: &[SpanData<'_>]) -> String {
    let known: HashSet<SpanId> = spans.iter().map(SpanData::span_id).collect();
    let mut children: HashMap<Option<SpanId>, Vec<&SpanData<'_>>> = HashMap::new();
    for span in spans {
        let parent = span.parent_span_id().filter(|parent| known.contains(parent));
        children.entry(parent).or_default().push(span);
    }
    for siblings in children.values_mut() {
        siblings.sort_by_key(|span| span.start_unix_nano());
    }
    let mut text = String::new();
    let mut open: Vec<(usize, &SpanData<'_>)> = roots(&mut children);
    // What is taken out of the map is not met again, so a circle of parents ends too.
    while let Some((depth, span)) = open.pop() {
        write_span(&mut text, depth, span);
        let below = children.remove(&Some(span.span_id())).unwrap_or_default();
        open.extend(below.into_iter().rev().map(|child| (depth + 1, child)));
    }
    text
}

fn roots<'a, 'b>(
    children: &mut HashMap<Option<SpanId>, Vec<&'a SpanData<'b>>>,
) -> Vec<(usize, &'a SpanData<'b>)> {
    let roots = children.remove(&None).unwrap_or_default();
    roots.into_iter().rev().map(|root| (0, root)).collect()
}

fn write_span(text: &mut String, depth: usize, span: &SpanData<'_>) {
    let indent = indent(depth);
    text.push_str(&indent);
    text.push_str(&span.name());
    match span.outcome() {
        Outcome::Ended => {}
        Outcome::Error => text.push_str(" [error]"),
        Outcome::Panic => text.push_str(" [panic]"),
        Outcome::Cancelled => text.push_str(" [cancelled]"),
    }
    let shown = |key: &str| !NOT_SHOWN.contains(&key) && key != "exo.outcome";
    write_attributes(text, span.attributes().filter(|(key, _)| shown(key)));
    match span.status() {
        Status::Unset => {}
        Status::Ok => text.push_str(" status=ok"),
        Status::Error(why) if why.is_empty() => text.push_str(" status=error"),
        Status::Error(why) => {
            // Writing to a `String` cannot fail.
            let _ = write!(text, " status=error({why:?})");
        }
    }
    text.push('\n');
    for event in span.events() {
        let _ = write!(text, "{indent}  · {}", event.name);
        write_attributes(text, event.attributes.into_iter().filter(|(key, _)| shown(key)));
        text.push('\n');
    }
    for link in span.links() {
        let _ = write!(text, "{indent}  → linked");
        write_attributes(text, link.attributes.into_iter());
        text.push('\n');
    }
}

fn indent(depth: usize) -> String {
    let indent = "  ".repeat(depth.min(INDENTED_MAX));
    match depth.saturating_sub(INDENTED_MAX) {
        0 => indent,
        deeper => format!("{indent}…{deeper} "),
    }
}

fn write_attributes<'a>(text: &mut String, attributes: impl Iterator<Item = (&'a str, Value<'a>)>) {
    for (key, value) in attributes {
        let _ = write!(text, " {key}=");
        match value {
            Value::Text(value) => {
                let _ = write!(text, "{value:?}");
            }
            value => write_value(text, value),
        }
    }
}
