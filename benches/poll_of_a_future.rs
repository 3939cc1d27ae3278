//! What does a poll of a traced future cost, beyond the poll of the future inside it?
//!
//! One future is polled again and again and never ends, so that nothing is measured but what its
//! span and its context add to a poll. Run with `cargo bench --bench poll_of_a_future`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, futures};
use std::process::ExitCode;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    ask("poll_of_a_future", &trace, |question| {
        question.way("the future alone", futures::alone());
        question.way("future.traced(name)", futures::traced_future());
        question.way("span_async!", futures::in_span_async());
        question.way("#[traced] async fn", futures::traced_async_fn());
        question.way("Context::scope, the same context", futures::in_context());
        question.way("Context::scope, another trace", futures::in_another_context());
        question.way("span and context, with baggage", futures::in_both_with_baggage());
    })
}
