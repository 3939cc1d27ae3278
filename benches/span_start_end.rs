//! What does a span cost the thread that makes it, beside two clock reads and a store?
//!
//! The floor is what no recorder can go below: the counter read twice and 64 bytes stored. Run with
//! `cargo bench --bench span_start_end`; ratios come from `benches/compare`, which measures in turn.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, floor, spans};
use std::process::ExitCode;

/// How many words a span with eight attributes takes, with some room to spare.
const EIGHT_ATTRIBUTES_WORDS: usize = 24;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let clock = quanta::Clock::new();
    let _root = span_sync!("bench");
    ask("span_start_end", &trace, |question| {
        question.way("work alone", floor::work);
        question.way("floor", |step| floor::floor(&clock, step));
        question.way("span_sync!", spans::alone);
        question.way("span_sync!, two attributes", spans::two_attributes);
        question.way_of(
            EIGHT_ATTRIBUTES_WORDS,
            "span_sync!, eight attributes",
            spans::eight_attributes,
        );
        question.way("#[traced], two attributes", spans::traced_two_attributes);
        question.way("span_sync(), two attributes", spans::function_two_attributes);
    })
}
