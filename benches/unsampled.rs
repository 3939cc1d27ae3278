//! What does a span cost below one that is not sampled, beyond the bare call?
//!
//! Run with `cargo bench --bench unsampled`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, floor, functions, spans};
use std::process::ExitCode;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench").sample_rate(0.0));
    let root = span_sync!("bench");
    assert!(!root.is_recording(), "the root is sampled, expected one that is not");
    ask("unsampled", &trace, |question| {
        question.way("bare call", floor::work);
        question.way("span_sync!", spans::alone);
        question.way("span_sync!, two attributes", spans::two_attributes);
        question.way("span_sync!, eight attributes", spans::eight_attributes);
        question.way("#[traced], two attributes", spans::traced_two_attributes);
        question.way("span_sync(), two attributes", spans::function_two_attributes);
        question.way("async fn/bare", functions::bare_async_fn);
        question.way("async fn/traced", functions::async_fn);
    })
}
