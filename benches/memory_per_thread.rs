//! How much memory does a thread take that records?
//!
//! Resident memory of the process before and after so many threads have recorded one span, and have
//! written their rings from end to end. Run with `cargo bench --bench memory_per_thread`.

use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::bursts::start;
use exo_trace_ways::{memory_per_thread, spans};
use std::io;
use std::process::ExitCode;

const THREADS: usize = 64;
/// The default, said so that it is known here.
const RING_BYTES: usize = 256 << 10;

fn main() -> io::Result<ExitCode> {
    let trace = start(TraceConfig::new("bench").ring_bytes(RING_BYTES));
    let _root = span_sync!("bench");
    let memory = memory_per_thread::of(&trace, THREADS, RING_BYTES, spans::two_attributes)?;
    let refused = memory.refused;
    println!("{THREADS} threads, rings of {} KiB; KiB for each thread", RING_BYTES >> 10);
    println!("  that records nothing      {:>8.1}", memory.idle_kib);
    println!("  its first span adds       {:>8.1}", memory.one_span_kib);
    println!("  a ring full once adds     {:>8.1}", memory.full_ring_kib);
    println!("{refused} records refused{}", if refused > 0 { ": VOID" } else { "" });
    Ok(if refused > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
