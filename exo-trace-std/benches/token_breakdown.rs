//! How many megabytes of messages a second are estimated, and how many are counted exactly?
//!
//! Run with `cargo bench -p exo-trace-std --features tiktoken --bench token_breakdown`. Beside the
//! count of this library stands `bpe-openai`, whose algorithm is linear in the length of a word; it
//! counts the same texts.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use exo_trace_std::{Message, compute_token_breakdown, compute_token_breakdown_for};
use std::hint::black_box;

/// What is counted, by its kind; the files are those that the counts are tested with.
const TEXTS: [(&str, &str); 4] = [
    ("english", include_str!("../tests/corpus/english.txt")),
    ("code", include_str!("../tests/corpus/code.txt")),
    ("han", include_str!("../tests/corpus/han_kana_hangul.txt")),
    ("base64", BASE64),
];

/// A picture in a message, as some providers take it.
const BASE64: &str = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAAXklEQVQoz2NgoBQwMjAwMDAwMDAx";

/// A conversation is a few messages of a few kilobytes.
const MESSAGE_BYTES: usize = 4_000;
const MESSAGES: usize = 16;

fn token_breakdown(criterion: &mut Criterion) {
    for (kind, text) in TEXTS {
        let text = text.repeat(MESSAGE_BYTES / text.len() + 1);
        let messages = vec![Message::user(text.as_str()); MESSAGES];
        let mut group = criterion.benchmark_group(format!("token_breakdown/{kind}"));
        group.throughput(Throughput::BytesDecimal((text.len() * MESSAGES) as u64));
        group.bench_function("estimate", |bench| {
            bench.iter(|| compute_token_breakdown(black_box(&messages)))
        });
        group.bench_function("exact", |bench| {
            bench.iter(|| compute_token_breakdown_for("gpt-4o", black_box(&messages)))
        });
        group.bench_function("bpe-openai", |bench| {
            let encoding = bpe_openai::o200k_base();
            bench.iter(|| {
                (0..MESSAGES).map(|_| encoding.count(black_box(text.as_str()))).sum::<usize>()
            })
        });
        group.finish();
    }
}

criterion_group!(benches, token_breakdown);
criterion_main!(benches);
