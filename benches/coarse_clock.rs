//! What does a span cost that takes its times from the drain instead of the clock?
//!
//! Run with `cargo bench --bench coarse_clock`. The drain publishes a tick with each pass; while it rests
//! such a span reads the clock, so that what is measured needs a drain that works.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, floor, spans};
use std::process::ExitCode;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    ask("coarse_clock", &trace, |question| {
        question.way("the bare call", floor::work);
        question.way("#[traced(clock = \"coarse\")]", spans::coarse);
        question.way("with an attribute", spans::coarse_one_attribute);
        question.way("exact, with two attributes", spans::traced_two_attributes);
    })
}
