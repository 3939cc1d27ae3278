//! How many assembled spans a second become the bytes of OTLP requests, on one core?
//!
//! Spans are recorded through the API, read from their ring and joined beforehand; measured is the
//! encoder alone, into requests of 4 MB. Criterion's `elem/s` are spans. Run with
//! `cargo bench -p exo-trace-export --features otlp --bench otlp_bytes`.

#[path = "../tests/rings/mod.rs"]
mod rings;

use criterion::{Criterion, Throughput};
use exo_trace_export::__encode::{Assembled, Requests};
use exo_trace_std::{attributes, span_sync};
use std::hint::black_box;
use std::time::Duration;

const BYTES_MAX: usize = 4_000_000;
/// How many bursts of spans are gathered, each short enough for the ring.
const BURSTS: usize = 16;
const BURST: i64 = 512;

const MODELS: [&str; 4] = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "mistral-large-latest"];

fn only_words() {
    for step in 0..BURST {
        let _span = span_sync!("step", exo.agent.step = step, is_early = step < 200);
    }
}

fn a_text_and_a_number() {
    for step in 0..BURST {
        let model = MODELS[step as usize % MODELS.len()];
        let _span = span_sync!("chat", gen_ai.request.model = model, exo.agent.step = step);
    }
}

/// A run, three calls of a model and four of tools, one of which fails.
fn research_agent() {
    for n in 0..BURST / 8 {
        let name = ["researcher", "writer"][n as usize % 2];
        let _run = span_sync!("invoke_agent {exo.agent.name}", exo.agent.name = name, run = n);
        for step in 0..3 {
            let model = MODELS[(n + step) as usize % MODELS.len()];
            let chat = span_sync!(
                "chat {gen_ai.request.model}",
                kind = "client",
                gen_ai.operation.name = "chat",
                gen_ai.provider.name = "openai",
                gen_ai.request.model = model,
                gen_ai.request.temperature = 0.2,
                gen_ai.usage.input_tokens = 500 + step,
                gen_ai.usage.output_tokens = 150 + n,
                exo.agent.step = step,
                gen_ai.request.stream = step == 0
            );
            chat.add_event("first token", attributes! { after_ms = 120.5 });
        }
        for call in 0..4 {
            let name = ["search", "read_file", "calculator"][call as usize % 3];
            let tool = span_sync!("execute_tool {gen_ai.tool.name}", gen_ai.tool.name = name, call);
            if call == 3 {
                tool.record_error(&std::fmt::Error);
            }
        }
    }
}

fn measure(criterion: &mut Criterion, name: &str, burst: fn()) {
    let words: Vec<u64> = (0..BURSTS).flat_map(|_| rings::recorded(burst)).collect();
    let spans = Assembled::of(&words, "bench");
    let count = spans.spans().count();
    assert_eq!(count, BURSTS * BURST as usize, "no record was refused");
    let mut requests = Requests::of(&spans, BYTES_MAX);
    let mut bytes = 0;
    requests.write(&spans, |_, request| bytes += request.len());
    println!("{name}: {} bytes a span", bytes / count);
    let mut group = criterion.benchmark_group("otlp_bytes");
    group.throughput(Throughput::Elements(count as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            requests.write(&spans, |_, request| {
                black_box(request.len());
            })
        });
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    measure(&mut criterion, "two one-word attributes", only_words);
    measure(&mut criterion, "a text and a number", a_text_and_a_number);
    measure(&mut criterion, "research agent", research_agent);
    criterion.final_summary();
}
