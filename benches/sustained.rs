//! At which rate can one thread go on recording while the drain keeps up and nothing is lost?
//!
//! The rate is searched: doubled, then halved in between, a second each. The goal is 10 million
//! spans a second, with a processor for the thread and one for the drain and a destination that
//! drops everything. Run with `cargo bench --bench sustained`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::bursts::start;
use exo_trace_ways::{spans, sustained};
use std::process::ExitCode;
use std::time::Duration;

const LASTING: Duration = Duration::from_secs(1);
const LASTING_QUICK: Duration = Duration::from_millis(200);
const GOAL: f64 = 10e6;

/// A name, and what is done.
type Way = (&'static str, fn(usize));

fn main() -> ExitCode {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let lasting = if is_quick { LASTING_QUICK } else { LASTING };
    let trace = start(TraceConfig::new("bench").ring_bytes(sustained::RING_BYTES));
    let _root = span_sync!("bench");
    println!("ring of {} MiB, runs of {lasting:?}", sustained::RING_BYTES >> 20);
    let ways: [Way; 2] =
        [("a span", spans::alone), ("a span with two attributes", spans::two_attributes)];
    let mut found = true;
    for (name, way) in ways {
        let runs = sustained::search(&trace, lasting, way);
        println!("{name}\n  M spans/s asked     was       lost  left for the drain");
        for run in &runs {
            let (asked, was) = (run.asked_per_second / 1e6, run.per_second / 1e6);
            let left = run.left_for;
            println!("  {asked:>15.2} {was:>7.2} {:>10}  {left:.1?}", run.lost);
        }
        let Some(fastest) = sustained::fastest(&runs) else {
            println!("  no rate was kept");
            found = false;
            continue;
        };
        let verdict = if fastest.per_second >= GOAL { "reached" } else { "MISSED" };
        let (rate, lost) = (fastest.per_second / 1e6, fastest.lost);
        println!("  kept: {rate:.2} M spans/s, {lost} lost; goal ≥ 10: {verdict}");
    }
    if found { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
