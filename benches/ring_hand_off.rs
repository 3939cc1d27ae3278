//! How many small records a second go from one side of a ring to the other?
//!
//! On one core, written and read in turn: the goal is 60 million. Between two threads, as spans go.
//! Run with `cargo bench --bench ring_hand_off`; criterion's times are for one record.

use criterion::{Criterion, Throughput};
use exo_trace_ways::ring_hand_off::{HandOff, between_threads, on_one_core};
use std::cell::Cell;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let refused = Cell::new(0);
    let timed = |hand_off: HandOff| {
        refused.set(refused.get() + hand_off.refused);
        hand_off.took
    };
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let mut group = criterion.benchmark_group("ring_hand_off");
    group.throughput(Throughput::Elements(1));
    group.bench_function("one core, in turn", |bencher| {
        bencher.iter_custom(|records| timed(on_one_core(records)))
    });
    group.bench_function("two threads", |bencher| {
        bencher.iter_custom(|records| timed(between_threads(records)))
    });
    group.finish();
    criterion.final_summary();
    let is_void = refused.get() > 0;
    println!("{} records refused{}", refused.get(), if is_void { ": VOID" } else { "" });
    if is_void { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
