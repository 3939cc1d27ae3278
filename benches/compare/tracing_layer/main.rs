//! What does a span of `tracing` with two fields cost the thread that makes it, below each layer?
//!
//! The same spans go through our layer and through tracing-opentelemetry, into nowhere, and through a
//! registry without a layer, which is the part that neither can save. Bursts in turn in one process,
//! rings and queues emptied between them; a round in which a span was lost is void. From the root of the
//! repository, on a quiet machine:
//!
//! ```text
//! cargo run --release --manifest-path benches/compare/Cargo.toml --bin tracing_layer
//! ```
//!
//! For a profiler, `tracing_layer exo-trace` runs one contender alone.

mod contenders;
mod rounds;

use std::error::Error;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let contenders = contenders::all()?;
    let is_sound = match std::env::args().nth(1) {
        None => rounds::run(contenders)?,
        Some(name) => rounds::alone(contenders, &name)?,
    };
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
