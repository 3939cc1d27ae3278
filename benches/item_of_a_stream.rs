//! What does an item of a traced stream or iterator cost, beyond the item?
//!
//! One stream goes on for ever, so that nothing is measured but what its span adds to an item. Run
//! with `cargo bench --bench item_of_a_stream`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, streams};
use std::process::ExitCode;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    ask("item_of_a_stream", &trace, |question| {
        question.way("stream/bare", streams::alone());
        question.way("stream/traced", streams::traced_stream());
        question.way("iterator/bare", streams::iterator_alone());
        question.way("iterator/traced", streams::traced_iterator());
    })
}
