//! What does a span cost the thread that makes it, in multiples of two clock reads and a store?
//!
//! The floor is what no recorder can go below: the counter read twice and 64 bytes stored. Run with
//! `cargo bench --bench span_start_end`.

mod bursts;

use bursts::{BURST, Way, compare, start};
use exo_trace::{TraceConfig, attributes, span_sync, traced};
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static LINE: [AtomicU64; 8] = [const { AtomicU64::new(0) }; 8];

/// What every way does besides being traced.
#[inline(never)]
fn work(step: usize) {
    black_box(step);
}

/// The same work as a traced function.
#[traced(attributes(step, is_early = step < 500))]
#[inline(never)]
fn traced_work(step: usize) {
    black_box(step);
}

fn floor(clock: &quanta::Clock) {
    for step in 0..BURST {
        let start = clock.raw();
        work(step);
        let end = clock.raw();
        for (place, word) in LINE.iter().enumerate() {
            word.store(start ^ end ^ place as u64, Relaxed);
        }
    }
}

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let clock = quanta::Clock::new();
    let root = span_sync!("bench");
    let is_sound = compare(
        &trace,
        vec![
            Way::new("floor: two raw clock reads, 64 bytes stored", move || floor(&clock)),
            Way::new("span_sync!(name)", || {
                for step in 0..BURST {
                    let _span = span_sync!("span");
                    work(step);
                }
            }),
            Way::new("span_sync!(name, two attributes)", || {
                for step in 0..BURST {
                    let _span = span_sync!("two", step, is_early = step < 500);
                    work(step);
                }
            })
            .at_most(1.25, 0.0),
            Way::new("#[traced] with two attributes", || (0..BURST).for_each(traced_work))
                .at_most(1.25, 0.0),
            Way::new("span_sync(name, two attributes)", || {
                for step in 0..BURST {
                    let attributes = attributes! { step, is_early = step < 500 };
                    let _span = span_sync("function", attributes);
                    work(step);
                }
            })
            .at_most(1.5, 0.0),
            Way::new("work alone", || (0..BURST).for_each(work)),
        ],
    );
    drop(root);
    if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
