//! What does a link of a span cost, beyond the span?
//!
//! Run with `cargo bench --bench link`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, facts, spans, traceparents};
use std::process::ExitCode;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    let elsewhere = traceparents::context();
    ask("link", &trace, |question| {
        question.way("span alone", spans::alone);
        question.way("with a link", |step| facts::link(&elsewhere, step));
    })
}
