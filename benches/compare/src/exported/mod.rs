//! What does one span cost the whole process, recorded, drained and exported?
//!
//! The same spans, two attributes each, go through exo-trace and its rivals to a collector by
//! OTLP/gRPC. Each contender runs in a process of its own, and so does the collector; counted is the
//! processor time of the contender's whole process, user and system, from before its first span until
//! the collector has taken the last.

mod contenders;
mod load;
mod meter;
mod process;
mod rounds;
mod sink;
mod steady;
mod table;

pub(crate) use contenders::Contender;
pub(crate) use load::Mix;
pub(crate) use meter::memory_kib;
pub(crate) use rounds::{Measured, Run, measure};
pub(crate) use table::lines;

/// What sends the rivals' spans, beside the packages that make them.
pub(crate) const SENDERS: [&str; 3] = ["opentelemetry-otlp", "fastrace-opentelemetry", "emit_otlp"];

/// How everybody is set up, in words; each contender's file says why.
pub(crate) const SETTINGS: &str = "exo-trace with a ring of 1 MiB; fastrace reports every 25 ms; the SDK, \
     for itself and for tracing, sends requests of 4,096 spans from a queue of 65,536; nobody compresses";

use load::Load;
use std::error::Error;
use std::process::ExitCode;

/// A collector by itself: says its endpoint and takes spans until its input ends.
pub(crate) fn sink() -> Result<ExitCode, Box<dyn Error>> {
    sink::run().map(|()| ExitCode::SUCCESS)
}

/// Whether memory stays flat over so many millions of spans.
pub(crate) fn steady(millions: Option<&str>) -> Result<ExitCode, Box<dyn Error>> {
    steady::run(millions.map_or(Ok(steady::MILLIONS), str::parse)?)
}

/// One run of one contender in this process.
pub(crate) fn once(
    contender: &str,
    mix: &str,
    spans: &str,
    endpoint: &str,
) -> Result<ExitCode, Box<dyn Error>> {
    let contender = Contender::named(contender)?;
    let load = Load { mix: Mix::named(mix)?, spans: spans.parse()?, pace: contender.pace() };
    println!("{}", contender.run(&load, endpoint)?);
    Ok(ExitCode::SUCCESS)
}
