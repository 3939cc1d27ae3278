//! The same number of spans each second, whatever becomes of the collector meanwhile.

use crate::expected::Expected;
use crate::{DEADLINE, report};
use exo_trace::{TraceBackend, TraceConfig, init, span_sync};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::{Duration, Instant};

/// How many portions a second has.
const PORTIONS: u64 = 50;

/// Records `rate` spans a second for `seconds`; whether any were lost, the report says.
pub(crate) fn send(rate: u64, seconds: u64, expected: &Path, spool: Option<&Path>) -> ExitCode {
    let (expected, written) = Expected::new(expected).expect("the file can be written");
    let config = TraceConfig::new("steady").backend(TraceBackend::Otlp).exporter(expected);
    let config = match spool {
        Some(directory) => config.spool(directory),
        None => config,
    };
    let trace = init(config).expect("the configuration is sound");
    let start = Instant::now();
    for portion in 0..seconds * PORTIONS {
        let due = Duration::from_secs(1) * portion as u32 / PORTIONS as u32;
        thread::sleep(due.saturating_sub(start.elapsed()));
        (0..rate / PORTIONS).for_each(|step| drop(span_sync!("step", portion, step)));
    }
    let delivery = trace.shutdown(DEADLINE);
    let written = written.load(Relaxed);
    report(written, start.elapsed().as_secs_f64(), &delivery);
    let is_all = written == seconds * PORTIONS * (rate / PORTIONS);
    if is_all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
