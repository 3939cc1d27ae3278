//! What does it cost to send a trace context as a `traceparent`, and to read one?
//!
//! Run with `cargo bench --bench traceparent`.

use exo_trace_ways::questions::ask;
use exo_trace_ways::traceparents::{
    TEXT, context, extract, inject, inject_as_text, inject_then_extract,
};
use std::process::ExitCode;

fn main() -> ExitCode {
    let context = context();
    let mut buffer = [0; TEXT.len()];
    ask("traceparent", &(), |question| {
        question.way("inject", |_| inject(&context, &mut buffer));
        question.way("inject as text", |_| inject_as_text(&context));
        question.way("extract", |_| extract());
        question.way("inject as text, then extract", |_| inject_then_extract(&context));
    })
}
