//! `exo-trace-bridge /dev/ttyACM0`: hands a board's spans on to a collector, the console, or both.
//!
//! Where spans go, the `OTEL_*` environment says. On a terminal one line tells how it goes; at the end,
//! which comes with the end of the stream or a signal, a sum accounts for every record.

mod arguments;
mod screen;
mod stream;

use arguments::{Arguments, Asked};
use exo_trace::TraceConfig;
use exo_trace::device::{Bridge, BridgeStatistics};
use screen::{Screen, complain, print};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

/// How often the screen is drawn, and signals are seen.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long the destinations have at the end.
const END: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments = match Arguments::read(lexopt::Parser::from_env()) {
        Ok(Asked::Bridge(arguments)) => arguments,
        Ok(Asked::Help) => {
            print(arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            complain(&format!("{error}; --help shows how it is called"));
            return ExitCode::from(2);
        }
    };
    match bridged(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::from(2)
        }
    }
}

/// Bridges until the end; tells whether nothing was lost.
fn bridged(arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    let from = stream::open(&arguments.from)?;
    let is_asked_to_end = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&is_asked_to_end))?;
    }
    let trace = exo_trace::init(TraceConfig::default())?;
    let mut bridge = Bridge::new();
    for (key, value) in &arguments.resource {
        bridge = bridge.resource(key.as_str(), value.as_str());
    }
    let reading = bridge.reading(from)?;
    let screen = Screen::new();
    // Relaxed: a signal that is seen a look later is seen early enough.
    while !reading.has_finished() && !is_asked_to_end.load(Relaxed) {
        screen.show(&reading.statistics());
        std::thread::park_timeout(LOOK_EVERY);
    }
    screen.end();
    // What was read until now is all that the sum speaks of.
    let (statistics, end) = match reading.has_finished() {
        true => reading.wait(),
        false => (reading.finish(), Ok(())),
    };
    let delivery = trace.shutdown(END);
    print(&format!("{statistics}; {delivery}"));
    if let Err(error) = &end {
        complain(&format!("{}: {error}", arguments.from));
    }
    Ok(end.is_ok() && delivery.is_complete() && is_whole(&statistics))
}

/// Tells whether everything that the board recorded came through.
fn is_whole(statistics: &BridgeStatistics) -> bool {
    let device = &statistics.device;
    let unread = [device.damaged, device.missing, device.malformed, device.unknown];
    let lost = [device.boots_unread, device.repeated, device.evicted, device.orphaned];
    let here = [statistics.refused, statistics.boots_refused, statistics.seeds_shared];
    let all = unread.iter().chain(&lost).chain(&here);
    all.sum::<u64>() + statistics.lost_on_board() == 0
}
