//! What does a model call with all it says cost, beside a plain span with two attributes?
//!
//! Ten attributes and the usage: what was asked for, what answered, and four counts of tokens. Run
//! with `cargo bench --bench chat_span`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{bursts::start, chats, spans};
use std::process::ExitCode;

/// How many words a model call takes, with some room to spare.
const WORDS: usize = 64;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    ask("chat_span", &trace, |question| {
        question.way("span_sync!, two attributes", spans::two_attributes);
        question.way_of(WORDS, "chat, two attributes", chats::two_attributes);
        question.way_of(WORDS, "chat, ten attributes and usage", chats::ten_attributes);
        question.way_of(
            WORDS,
            "chat, the same and why it stopped",
            chats::ten_attributes_and_finish,
        );
    })
}
