//! What does it cost to send a trace context as a `traceparent`, and to read one?
//!
//! Run with `cargo bench --bench traceparent`. The text is written into a fixed buffer, as a header
//! map or a board would keep it; nothing is allocated.

use criterion::{Criterion, criterion_group, criterion_main};
use exo_trace::SpanContext;
use std::hint::black_box;

const TEXT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03";

fn traceparent(criterion: &mut Criterion) {
    let Ok(context) = SpanContext::from_traceparent(TEXT) else { return };
    let mut buffer = [0; TEXT.len()];
    let mut group = criterion.benchmark_group("traceparent");
    group.bench_function("inject", |bencher| {
        bencher.iter(|| {
            buffer.copy_from_slice(black_box(&context).to_traceparent().as_bytes());
            black_box(&mut buffer);
        });
    });
    group.bench_function("inject as text", |bencher| {
        bencher.iter(|| {
            black_box(black_box(&context).to_traceparent().as_str());
        });
    });
    group.bench_function("extract", |bencher| {
        bencher.iter(|| SpanContext::from_traceparent(black_box(TEXT)));
    });
    group.bench_function("inject as text, then extract", |bencher| {
        bencher.iter(|| {
            let sent = black_box(&context).to_traceparent();
            SpanContext::from_traceparent(black_box(&sent).as_str())
        });
    });
    group.finish();
}

criterion_group!(benches, traceparent);
criterion_main!(benches);
