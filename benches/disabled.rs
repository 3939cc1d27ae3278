//! What does a span cost where nothing records, beyond the bare call?
//!
//! Switched off by the configuration, and before `init`, when a span is counted besides. Run with
//! `cargo bench --bench disabled`. Compiled out there is nothing to measure: `ci/off.sh` compares the
//! instructions.

use exo_trace::TraceConfig;
use exo_trace_ways::questions::{Question, Rings, ask};
use exo_trace_ways::{bursts::start, floor, functions, spans};
use std::process::ExitCode;

fn main() -> ExitCode {
    ask("before_init", &(), ways);
    let trace = start(TraceConfig::new("bench").enabled(false));
    ask("disabled", &trace, ways)
}

fn ways(question: &mut Question<'_, impl Rings>) {
    question.way("bare call", floor::work);
    question.way("span_sync!", spans::alone);
    question.way("span_sync!, two attributes", spans::two_attributes);
    question.way("span_sync!, eight attributes", spans::eight_attributes);
    question.way("#[traced], two attributes", spans::traced_two_attributes);
    question.way("span_sync(), two attributes", spans::function_two_attributes);
    question.way("async fn/bare", functions::bare_async_fn);
    question.way("async fn/traced", functions::async_fn);
}
