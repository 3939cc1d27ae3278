//! What does one more attribute cost, by its kind?
//!
//! Run with `cargo bench --bench attribute_kinds`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, spans, texts};
use std::hint::black_box;
use std::process::ExitCode;

/// How many words a span with its record for a text takes, besides the text.
const WORDS: usize = 12;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    ask("attribute_kinds", &trace, |question| {
        question.way("none", spans::alone);
        question.way("integer", spans::one_attribute);
        for bytes in [16, 64, 512] {
            let text = "x".repeat(bytes);
            let (words, name) = (WORDS + bytes / size_of::<u64>(), format!("text/{bytes}"));
            question.way_of(words, &name, |step| texts::text(step, black_box(&text)));
        }
        question.way("formatted", texts::formatted);
    })
}
