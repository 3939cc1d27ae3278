//! What does `#[traced]` add to the call of a function, by its shape?
//!
//! Run with `cargo bench --bench traced_functions`. Each future is ready at its first poll; what a
//! further poll costs is asked by `poll_of_a_future`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, floor, functions};
use std::process::ExitCode;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    ask("traced_functions", &trace, |question| {
        question.way("fn/bare", floor::work);
        question.way("fn/traced", functions::sync);
        question.way("async fn/bare", functions::bare_async_fn);
        question.way("async fn/traced", functions::async_fn);
        question.way("fn to impl Future/bare", functions::bare_returning_future);
        question.way("fn to impl Future/traced", functions::returning_future);
        question.way("async_trait/bare", functions::bare_boxed);
        question.way("async_trait/traced", functions::boxed);
    })
}
