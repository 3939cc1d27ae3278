//! `exo-trace-replay spans.jsonl`: sends files of OTLP JSON lines to a collector.
//!
//! Lines go one after another, each until the collector has it or will not have it. The sum at the
//! end accounts for every span that was read.

mod arguments;
mod lines;
mod protobuf;
mod replay;
mod screen;
#[cfg(test)]
mod stories;
mod sum;

use arguments::{Arguments, Asked};
use exo_trace_export::exporter::Sender;
use replay::Replay;
use screen::{Screen, print};
use std::fmt::Display;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let arguments = match Arguments::read(lexopt::Parser::from_env()) {
        Ok(Asked::Replay(arguments)) => arguments,
        Ok(Asked::Help) => {
            print(arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Ok(Asked::Version) => {
            print(concat!("exo-trace-replay ", env!("CARGO_PKG_VERSION")));
            return ExitCode::SUCCESS;
        }
        Err(error) => return wrong(&error),
    };
    match Sender::new(&arguments.config) {
        Ok(sender) => replayed(&arguments, sender),
        Err(error) => wrong(&error),
    }
}

/// Says what is wrong with how it was called.
fn wrong(error: &dyn Display) -> ExitCode {
    screen::complain(&format!("{error}; --help shows how it is called"));
    ExitCode::from(2)
}

fn replayed(arguments: &Arguments, mut sender: Sender) -> ExitCode {
    let start = Instant::now();
    let screen = Screen::new(&arguments.files);
    let (protocol, endpoint) = (sender.protocol(), sender.endpoint().to_owned());
    let send = |request| {
        let retrying =
            |reason: &str| screen.complain(&format!("{endpoint}: {reason}; trying again"));
        sender.send(request, arguments.patience, retrying)
    };
    let mut replay = Replay::new(protocol, &screen, send);
    for file in &arguments.files {
        if !replay.file(file) {
            break;
        }
    }
    let sum = replay.sum();
    screen.end();
    print(&format!("{sum}, in {:.1} s to {endpoint}", start.elapsed().as_secs_f64()));
    if sum.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
