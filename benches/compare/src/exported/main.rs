//! What does one span cost the whole process, recorded, drained and exported?
//!
//! The same spans, two attributes each, go through exo-trace and its rivals to a collector by
//! OTLP/gRPC. Each contender runs in a process of its own, and so does the collector; counted is the
//! processor time of the contender's whole process, user and system, from before its first span until
//! the collector has taken the last. From the root of the repository:
//!
//! ```text
//! cargo run --release --manifest-path benches/compare/Cargo.toml              # all, in turn
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- 9        # nine rounds
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- steady   # memory, 20 million spans
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- steady 90
//! ```
//!
//! For a profiler, `exported sink` says its endpoint and takes spans until its input ends, and
//! `exported <contender> <mix> <spans> <endpoint>` is one run of one contender.

mod contenders;
mod load;
mod meter;
mod process;
mod rounds;
mod sink;
mod steady;
mod table;

use contenders::Contender;
use load::{Load, Mix};
use std::error::Error;
use std::process::ExitCode;

const ROUNDS: usize = 5;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => rounds::run(ROUNDS),
        ["steady"] => steady::run(steady::MILLIONS),
        ["steady", millions] => steady::run(millions.parse()?),
        ["sink"] => sink::run().map(|()| ExitCode::SUCCESS),
        [rounds] => rounds::run(rounds.parse()?),
        [contender, mix, spans, endpoint] => {
            let load = Load { mix: Mix::named(mix)?, spans: spans.parse()? };
            println!("{}", Contender::named(contender)?.run(&load, endpoint)?);
            Ok(ExitCode::SUCCESS)
        }
        _ => Err("expected nothing, a number of rounds, steady, sink, or one run".into()),
    }
}
