//! The first span of a thread, begun below one it was told of, is recorded as any other.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "each file of tests asks its own questions")]
mod drain;

use drain::Drain;
use exo_trace_core::Record;
use exo_trace_std::{Settings, Span, traced};
use std::thread;

#[traced(parent = *parent, crate = exo_trace_std)]
fn below(parent: &exo_trace_std::SpanContext) {
    let _ = parent;
}

#[test]
fn it_is_not_lost() {
    let mut drain = Drain::start(Settings::default());
    let parent = Span::start("parent", ());
    let context = parent.span_context().expect("it is recorded");
    thread::spawn(move || below(&context)).join().expect("no panic");
    drop(parent);
    let mut spans = 0;
    drain.pass(|record| spans += usize::from(matches!(record, Record::Span(_))));
    assert_eq!((spans, drain.counted()), (2, vec![]));
}
