//! How much more do several threads record than one, at the same time?
//!
//! One thread, two, and so on up to as many as there are processors, in interleaved bursts that fit
//! their rings; beside them work that shares nothing. The goal for two is 1.9 times the throughput of
//! one, where there are two processors.
//! Run with `cargo bench --bench threads`.

use exo_trace::TraceConfig;
use exo_trace_ways::bursts::start;
use exo_trace_ways::spread::Spread;
use exo_trace_ways::threads::Throughput;
use exo_trace_ways::{floor, spans, threads};
use std::hint::black_box;
use std::process::ExitCode;
use std::thread::available_parallelism;

const ROUNDS: usize = 400;
const ROUNDS_QUICK: usize = 50;
const GOAL_OF_TWO: f64 = 1.9;

fn main() -> ExitCode {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if is_quick { ROUNDS_QUICK } else { ROUNDS };
    let trace = start(TraceConfig::new("bench"));
    let all = available_parallelism().map_or(1, usize::from);
    println!("threads       M/s: p10  median     p90   × one: p10  median     p90  goal");
    println!("two clock reads, which share nothing: what the machine gives");
    let clock = quanta::Clock::new();
    let reads = threads::one_to(&trace, all, rounds, |step| {
        black_box(floor::clock_pair(&clock, step));
    });
    reads.iter().for_each(|measured| row(measured, ""));
    println!("a span with two attributes");
    let spans = threads::one_to(&trace, all, rounds, spans::two_attributes);
    for measured in &spans {
        let is_reached = measured.times_one.median >= GOAL_OF_TWO;
        let verdict = if is_reached { "≥ 1.90 reached" } else { "≥ 1.90 MISSED" };
        row(measured, if measured.threads == 2 { verdict } else { "" });
    }
    let refused = spans.first().map_or(0, |measured| measured.refused);
    println!(
        "{rounds} rounds; {refused} records refused{}",
        if refused > 0 { ": VOID" } else { "" }
    );
    if refused > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn row(measured: &Throughput, goal: &str) {
    let Throughput { threads, per_second, times_one, .. } = measured;
    let [low, median, high] =
        [per_second.p10, per_second.median, per_second.p90].map(|figure| figure / 1e6);
    let Spread { p10, median: times, p90 } = times_one;
    println!(
        "{threads:>7} {low:>14.1} {median:>7.1} {high:>7.1} {p10:>12.2} {times:>7.2} {p90:>7.2}  {goal}"
    );
}
