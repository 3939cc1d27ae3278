//! The laws of a trace, in one place: what may be taken for granted of any spans that come out.
//!
//! A span ends once. A child stands in its parent's trace and begins no earlier. A parent exists, is
//! remote, or is counted as lost. A key stands once. What was not a failure does not look like one.
//! Every span is delivered or counted, and not both.
//!
//! One checker with two faces: [`check`] takes all spans at once, [`Watch`] is fed for hours in bounded
//! memory. It leans on nothing but `exo_trace`, so whoever has that can be held to it.
#![allow(dead_code, reason = "each story calls on the laws it needs")]

mod alone;
mod broken;
mod sample;
mod shape;
mod sums;
mod watch;

use exo_trace::{Delivery, Memory, SpanData, SpanId, Trace};
use std::collections::HashSet;

#[allow(unused_imports, reason = "as above")]
pub(crate) use {
    alone::{keys_stand_once, stands_for_itself, time_runs_forward},
    broken::{Broken, Law},
    shape::shape_of,
    sums::{Facts, Sums, lost_by_destinations},
    watch::{Parent, Place, Watch},
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
    // Each span may speak of one parent: none is forgotten.
    let mut watch = Watch::remembering(2 * spans.len());
    for span in spans {
        holds(watch.see(span));
    }
    watch.awaited().collect()
}

/// Checks that of `begun` spans every one was delivered to the one destination, waits for it, or was
/// counted once as lost.
pub(crate) fn accounts_for(begun: u64, delivery: &Delivery) {
    come_out_even(Sums::of(begun, delivery));
}

/// Checks what became of the spans of any number of destinations.
pub(crate) fn come_out_even(sums: Sums) {
    holds(sums.come_out_even());
}

fn holds(law: Result<(), Broken>) {
    if let Err(broken) = law {
        panic!("{broken}");
    }
}
