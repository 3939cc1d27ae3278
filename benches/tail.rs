//! What do the slowest spans cost, each timed by itself while the drain works?
//!
//! In steady bursts that wake nobody, in bursts of which one span wakes the drain, and after a
//! sleep. The goal is for the first: no more than one span in a thousand takes longer than twice the
//! median and a step of the clock. Run with `cargo bench --bench tail`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::bursts::start;
use exo_trace_ways::tail::{Tail, Times, after_a_sleep, steady, with_a_wake};
use exo_trace_ways::{floor, spans};
use std::process::ExitCode;
use std::time::Duration;

const BURSTS: usize = 2_000;
const BURSTS_QUICK: usize = 200;
const SLEEP: Duration = Duration::from_millis(2);

fn main() -> ExitCode {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let bursts = if is_quick { BURSTS_QUICK } else { BURSTS };
    let trace = start(TraceConfig::new("bench"));
    let _root = span_sync!("bench");
    let way = spans::two_attributes;
    let bare = steady(&trace, bursts, floor::work);
    let steady = steady(&trace, bursts, way);
    let waking = with_a_wake(&trace, bursts, way);
    let rested = after_a_sleep(&trace, bursts, SLEEP, way);
    println!("ns, a span with two attributes       times   median      p99    p99.9        max");
    row("the clock alone, in each of these", &steady.clock);
    row("the work alone, without a span", &bare.spans);
    row("steady bursts", &steady.spans);
    row("bursts that wake the drain", &waking.spans);
    row("  the slowest of each", &waking.slowest);
    row("the first after 2 ms of sleep", &rested.spans);
    let (Times { median, p999, .. }, step) = (steady.spans, steady.clock_step);
    let verdict = if p999 <= 2.0 * median + step { "reached" } else { "MISSED" };
    println!(
        "steady: p99.9 is {:.2} × the median, goal ≤ 2 and a step of {step:.1}: {verdict}",
        p999 / median
    );
    let refused: u64 = [bare, steady, waking, rested].iter().map(|tail: &Tail| tail.refused).sum();
    println!("{refused} records refused{}", if refused > 0 { ": VOID" } else { "" });
    if refused > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn row(name: &str, times: &Times) {
    let Times { count, median, p99, p999, max } = times;
    println!("{name:<34} {count:>8} {median:>8.1} {p99:>8.1} {p999:>8.1} {max:>10.1}");
}
