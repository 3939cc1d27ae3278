//! What does a span cost that begins a trace, with and without a context set and restored?
//!
//! Run with `cargo bench --bench root_span`. The comparison with a child is in `span_start_end`: here
//! no span is current.

use exo_trace::TraceConfig;
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, roots};
use std::process::ExitCode;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    ask("root_span", &trace, |question| {
        question.way("with a new trace", roots::new_trace);
        question.way("with a new trace, context set and restored", roots::in_context);
        question.way("context set and restored, no span", roots::context_alone);
    })
}
