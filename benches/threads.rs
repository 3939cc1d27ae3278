//! How much more do several threads record than one, at the same time?
//!
//! One thread, two, and so on up to as many as there are processors, in interleaved bursts that fit
//! their rings. The goal for two is 1.9 times the throughput of one, where there are two processors.
//! Run with `cargo bench --bench threads`.

use exo_trace::TraceConfig;
use exo_trace_ways::bursts::start;
use exo_trace_ways::{spans, threads};
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
    println!("threads   M spans/s: p10  median     p90   × one: p10  median     p90  goal");
    let mut refused = 0;
    for measured in threads::one_to(&trace, all, rounds, spans::two_attributes) {
        let (spans, times) = (measured.per_second, measured.times_one);
        let goal = match measured.threads {
            2 if times.median >= GOAL_OF_TWO => "≥ 1.90 reached",
            2 => "≥ 1.90 MISSED",
            _ => "",
        };
        println!(
            "{:>7}   {:>14.1} {:>7.1} {:>7.1} {:>12.2} {:>7.2} {:>7.2}  {goal}",
            measured.threads,
            spans.p10 / 1e6,
            spans.median / 1e6,
            spans.p90 / 1e6,
            times.p10,
            times.median,
            times.p90,
        );
        refused = measured.refused;
    }
    println!(
        "{rounds} rounds; {refused} records refused{}",
        if refused > 0 { ": VOID" } else { "" }
    );
    if refused > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
