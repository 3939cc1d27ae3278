//! How many spans a second does one core take out of the rings, join and hand to an exporter?
//!
//! The exporter drops them. Spans are recorded in bursts, which is not timed, and the drain is
//! turned by hand; criterion's times are the processor's, of all threads, for one span. The goal is
//! 10 million a second. Run with `cargo bench --bench drain`.

use criterion::{Criterion, Throughput};
use exo_trace::span_sync;
use exo_trace_ways::drain::Drain;
use exo_trace_ways::{facts, spans, texts};
use std::process::ExitCode;
use std::time::Duration;

/// A name, and what is done.
type Way = (&'static str, fn(usize));

fn main() -> ExitCode {
    let mut drain = Drain::start();
    let _root = span_sync!("bench");
    let mut lost = 0;
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let mut group = criterion.benchmark_group("drain");
    group.throughput(Throughput::Elements(1));
    let ways: [Way; 4] = [
        ("span", spans::alone),
        ("span with two attributes", spans::two_attributes),
        ("span with a text", |step| texts::text(step, "gpt-4o")),
        ("span with an event", facts::event),
    ];
    for (name, way) in ways {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let drained = drain.drained(times, way);
                lost += drained.lost;
                drained.cpu
            })
        });
    }
    group.finish();
    criterion.final_summary();
    println!("{lost} records lost{}", if lost > 0 { ": VOID" } else { "" });
    if lost > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
