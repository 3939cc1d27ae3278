//! What can no recorder go below on this machine, and what does a record cost without a clock?
//!
//! Run with `cargo bench --bench floor`.

use exo_trace_ways::floor::{clock_pair, clock_read, floor, work};
use exo_trace_ways::questions::ask;
use exo_trace_ways::unclocked::Unclocked;
use std::hint::black_box;
use std::process::ExitCode;

fn main() -> ExitCode {
    let clock = quanta::Clock::new();
    let unclocked = Unclocked::new();
    ask("floor", &unclocked, |question| {
        question.way("work alone", work);
        question.way("clock read, no work", |_| _ = black_box(clock_read(&clock)));
        question.way("clock pair", |step| _ = black_box(clock_pair(&clock, step)));
        question.way("clock pair and 64 bytes: the floor", |step| floor(&clock, step));
        question.way("record without a clock", |step| unclocked.record(step));
        question.way("record without a clock, two attributes", |step| {
            unclocked.record_two_attributes(step);
        });
    })
}
