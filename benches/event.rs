//! What does an event of a span cost, beyond the span?
//!
//! Run with `cargo bench --bench event`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, facts, spans};
use std::process::ExitCode;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    ask("event", &trace, |question| {
        question.way("span alone", spans::alone);
        question.way("with an event", facts::event);
        question.way_of(24, "with an event of two attributes", facts::event_two_attributes);
    })
}
