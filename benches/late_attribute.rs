//! What does an attribute cost that a span is given after it began, beyond the span?
//!
//! Run with `cargo bench --bench late_attribute`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, facts, spans};
use std::process::ExitCode;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    ask("late_attribute", &trace, |question| {
        question.way("span alone", spans::alone);
        question.way("announced when it began", spans::one_attribute);
        question.way("late, by its guard", facts::late_attribute);
        question.way("late, by Span::current()", facts::late_attribute_of_current);
    })
}
