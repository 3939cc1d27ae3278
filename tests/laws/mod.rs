//! The laws of a trace, in one place: what every story may take for granted of any spans it gets.
//!
//! A span ends once. A child stands in its parent's trace and begins no earlier. A key stands once.
//! What was not a failure does not look like one. Every span is delivered or counted.
#![allow(dead_code, reason = "each story calls on the laws it needs")]

mod leftovers;
mod shape;

use exo_trace::{Delivery, Memory, Outcome, SpanData, SpanId, StatusCode, Trace};
use std::collections::{HashMap, HashSet};

#[allow(unused_imports, reason = "as above")]
pub(crate) use {
    leftovers::{nothing_is_left, on_workers},
    shape::shape_of,
};

/// Checks a captured trace, whose spans all stand below one root that is not among them, and
/// returns its text.
pub(crate) fn text_of(trace: &Trace) -> String {
    let strangers = check(trace.spans());
    assert!(strangers.len() <= 1, "a capture has one root, not {strangers:?}");
    let traces: HashSet<_> = trace.spans().iter().map(SpanData::trace_id).collect();
    assert!(traces.len() <= 1, "a capture is one trace, not {traces:?}");
    trace.to_text()
}

/// Checks everything the memory backend holds, whose spans all have their parents there, and
/// returns its text.
pub(crate) fn tree_of(memory: &Memory) -> String {
    let strangers = check(&memory.spans());
    assert!(strangers.is_empty(), "parents that never ended: {strangers:?}");
    memory.tree()
}

/// Checks spans, in any order, and returns the parents that are not among them. Parents in other
/// processes are not asked for.
pub(crate) fn check(spans: &[SpanData<'_>]) -> HashSet<SpanId> {
    let mut by_id = HashMap::new();
    for span in spans {
        let again = by_id.insert(span.span_id(), span);
        assert!(again.is_none(), "a span ends once: {span}");
        stands_for_itself(span);
    }
    let mut strangers = HashSet::new();
    for span in spans.iter().filter(|span| !span.is_parent_remote()) {
        let Some(parent_id) = span.parent_span_id() else { continue };
        match by_id.get(&parent_id) {
            Some(parent) => stands_below(span, parent),
            None => _ = strangers.insert(parent_id),
        }
    }
    strangers
}

fn stands_for_itself(span: &SpanData<'_>) {
    assert!(span.end_unix_nano() >= span.start_unix_nano(), "time runs forward: {span}");
    let mut keys = HashSet::new();
    for (key, _) in span.attributes() {
        assert!(keys.insert(key), "a key stands once, but {key:?} twice: {span}");
    }
    let is_error = span.status().code() == StatusCode::Error;
    match span.outcome() {
        Outcome::Error | Outcome::Panic => {
            assert!(keys.contains("error.type") || !is_error, "an error has a type: {span}");
        }
        Outcome::Cancelled => {
            let last = span.events().last().map(|event| event.name.to_owned());
            assert_eq!(last.as_deref(), Some("cancelled"), "a cancellation says so: {span}");
        }
        Outcome::Ended => {
            assert!(!keys.contains("exo.outcome"), "a success has no outcome: {span}");
        }
    }
}

fn stands_below(span: &SpanData<'_>, parent: &SpanData<'_>) {
    assert_eq!(span.trace_id(), parent.trace_id(), "a child stands in its parent's trace: {span}");
    assert!(
        span.start_unix_nano() >= parent.start_unix_nano(),
        "a child begins within its parent: {span} in {parent}"
    );
}

/// Checks that of `begun` spans every one was delivered, or counted once as lost.
pub(crate) fn accounts_for(begun: u64, delivery: &Delivery) {
    let Delivery { delivered, queued, lost, .. } = delivery;
    let accounted = delivered + queued + lost.spans() + lost.queue_full + lost.export_failed;
    assert_eq!(accounted, begun, "every span is delivered or counted: {delivery}");
}
