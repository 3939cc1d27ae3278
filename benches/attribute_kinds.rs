//! What does one more attribute cost, by its kind?
//!
//! Run with `cargo bench --bench attribute_kinds`. Criterion's `iter_custom` lets the rings be
//! emptied between bursts, outside the measured time.

#[allow(dead_code, reason = "the interleaved comparison belongs to another bench")]
mod bursts;

use bursts::{BURST, start};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use exo_trace::{TraceConfig, TraceGuard, span_sync};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Times `span` in bursts and empties the rings between them.
fn in_bursts(trace: &TraceGuard, times: u64, mut span: impl FnMut(usize)) -> Duration {
    let mut took = Duration::ZERO;
    let mut left = times as usize;
    while left > 0 {
        let burst = left.min(BURST / 4);
        let start = Instant::now();
        (0..burst).for_each(&mut span);
        took += start.elapsed();
        left -= burst;
        let _ = trace.flush(Duration::from_secs(5));
    }
    took
}

fn attribute_kinds(criterion: &mut Criterion) {
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    let mut group = criterion.benchmark_group("attribute_kinds");
    group.measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    group.bench_function("none", |bench| {
        bench.iter_custom(|times| {
            in_bursts(&trace, times, |_| {
                let _span = span_sync!("none");
            })
        })
    });
    group.bench_function("integer", |bench| {
        bench.iter_custom(|times| {
            in_bursts(&trace, times, |step| {
                let _span = span_sync!("integer", step = step);
            })
        })
    });
    for bytes in [16, 64, 512] {
        let text = "x".repeat(bytes);
        group.bench_with_input(BenchmarkId::new("text", bytes), &text, |bench, text| {
            bench.iter_custom(|times| {
                in_bursts(&trace, times, |_| {
                    let _span = span_sync!("text", text = black_box(text));
                })
            })
        });
    }
    group.bench_function("formatted", |bench| {
        bench.iter_custom(|times| {
            in_bursts(&trace, times, |step| {
                let _span = span_sync!("formatted", step = %step);
            })
        })
    });
    group.finish();
    let refused = trace.losses().spans_refused + trace.losses().facts_refused;
    println!("{refused} records refused{}", if refused > 0 { ": VOID" } else { "" });
}

criterion_group!(benches, attribute_kinds);
criterion_main!(benches);
