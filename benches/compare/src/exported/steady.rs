//! Does memory stay flat over 20 million exported spans?
//!
//! Resident is what the system counts, what the allocator keeps for later among it; a longer run tells
//! whether what rose at first goes on rising with the spans.

use super::contenders::exo_trace;
use super::load::{Load, Mix, PACE};
use super::meter::memory_kib;
use super::process::SinkProcess;
use std::error::Error;
use std::process::ExitCode;

pub(crate) const MILLIONS: u64 = 20;
const MILLIONS_BETWEEN: u64 = 2;
/// How much more may be resident at the end than after the first two million: one request of 4 MB
/// more that happens to be on its way.
const GROWTH_KIB_MAX: u64 = 4 << 10;

/// Sends this process's spans to a sink, and prints what is resident every two million.
pub(crate) fn run(millions: u64) -> Result<ExitCode, Box<dyn Error>> {
    let sink = SinkProcess::start()?;
    let trace = exo_trace::start(&sink.endpoint)?;
    let load = Load { mix: Mix::Made, spans: MILLIONS_BETWEEN * 1_000_000, pace: PACE };
    let mut resident = Vec::new();
    println!("before the first span: {:.1} MiB", mebibytes(memory_kib("VmRSS:")?));
    let mut recorded = 0;
    while recorded < millions * 1_000_000 {
        exo_trace::record(&load);
        recorded += load.spans;
        resident.push(memory_kib("VmRSS:")?);
        let now = resident.last().copied().unwrap_or_default();
        println!("{:>3} million spans: {:.1} MiB", recorded / 1_000_000, mebibytes(now));
    }
    let delivery = exo_trace::finish(&trace);
    let taken = sink.finish()?;
    println!("{delivery}; {} of {recorded} spans received", taken.spans);
    let (first, last) = (resident.first().ok_or("no spans")?, resident.last().ok_or("no spans")?);
    let growth = last.saturating_sub(*first);
    let is_flat = growth <= GROWTH_KIB_MAX;
    println!(
        "{growth} KiB more than after the first: {}",
        if is_flat { "flat" } else { "NOT flat" }
    );
    let is_sound = is_flat && taken.spans == recorded;
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn mebibytes(kib: u64) -> f64 {
    kib as f64 / 1024.0
}
