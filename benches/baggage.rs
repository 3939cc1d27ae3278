//! What does baggage cost: to set and to read a value, and to send it with the trace context?
//!
//! Run with `cargo bench --bench baggage`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::questions::ask;
use exo_trace_ways::{baggages, bursts::start};
use std::process::ExitCode;

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    baggages::set();
    let headers = baggages::headers();
    ask("baggage", &trace, |question| {
        question.way("set", |_| baggages::set());
        question.way("get", |_| baggages::get());
        question.way("inject with the trace context", |_| baggages::inject());
        question.way("extract with the trace context", |_| baggages::extract(&headers));
        question.way("extract, attach, detach", |_| baggages::extract_and_attach(&headers));
    })
}
