//! Spans of a program without threads reach memory and a consumer in the call that drains.
//!
//! On a machine with threads it does the same: nothing in it is meant for WebAssembly.

use exo_trace::{
    SpanConsumer, SpanData, TraceBackend, TraceConfig, clear_consumers, init, register_consumer,
    span_sync, traced,
};
use std::error::Error;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

static SEEN: AtomicU32 = AtomicU32::new(0);

struct Counts;

impl SpanConsumer for Counts {
    fn consume(&self, span: &SpanData<'_>) {
        SEEN.fetch_add(1, Relaxed);
        println!("{span}");
    }
}

#[traced(tool, extract_args)]
fn search(query: &str) -> Result<usize, String> {
    query.find("wasm").ok_or_else(|| "nothing found".to_owned())
}

fn story() -> Result<(), Box<dyn Error>> {
    register_consumer(Counts);
    let trace = init(TraceConfig::new("wasm").backend(TraceBackend::Memory).without_threads())?;
    {
        let _run = span_sync!("run", step = 1);
        search("spans on wasm")?;
        expect(search("threads").is_err(), "a failure is one")?;
    }
    expect(SEEN.load(Relaxed) == 0, "nobody has drained yet")?;
    let delivery = trace.drain_now();
    expect(delivery.is_complete() && delivery.delivered == 3, &delivery.to_string())?;
    expect(SEEN.load(Relaxed) == 3, "the consumer saw each span once")?;
    let memory = trace.memory().ok_or("no memory backend")?;
    println!("{}", memory.tree());
    let runs = memory.named("run");
    let run = runs.first().ok_or("no span of the run")?;
    expect(memory.children_of(run).len() == 2, "both tools are its children")?;
    expect(run.start_unix_nano() > 1_700_000_000_000_000_000, "the host's clock was asked")?;
    expect(run.duration() > Duration::ZERO, "time has passed")?;
    clear_consumers();
    // More than a ring holds.
    (0..10_000).for_each(|n| drop(span_sync!("burst", n)));
    let delivery = trace.shutdown(Duration::from_secs(5));
    let told = delivery.delivered + delivery.lost.total();
    expect(delivery.lost.spans_refused > 0 && told == 10_003, &delivery.to_string())
}

fn expect(is_so: bool, what: &str) -> Result<(), Box<dyn Error>> {
    if is_so { Ok(()) } else { Err(format!("expected: {what}").into()) }
}

fn main() -> ExitCode {
    match story() {
        Ok(()) => {
            println!("1 passed, 0 failed");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}
