//! How often does a process wake up because it is traced, while nothing happens?
//!
//! Recording is on and one span was recorded, for an exporter that drops it and for a collector that
//! is not there. Near zero is the goal: the drain looks at the rings once a second. Run with
//! `cargo bench --bench idle_wakeups`.

use exo_trace::{TraceBackend, TraceConfig, span_sync};
use exo_trace_ways::bursts::nowhere;
use exo_trace_ways::idle_wakeups;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

/// The drain doubles its sleep from milliseconds to a second.
const SETTLING: Duration = Duration::from_secs(4);
const OVER: Duration = Duration::from_secs(10);
const OVER_QUICK: Duration = Duration::from_secs(3);
/// How long a guard may take to let go of a collector that is not there.
const PATIENCE: Duration = Duration::from_millis(500);

fn main() -> io::Result<ExitCode> {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let over = if is_quick { OVER_QUICK } else { OVER };
    let plain = TraceConfig::new("bench");
    // A port that nobody listens at.
    let collector = plain.clone().backend(TraceBackend::Otlp).endpoint("http://127.0.0.1:9");
    println!("wake-ups a second   threads   switches        lost");
    for (name, config, spans) in
        [("an exporter that drops", nowhere(plain), 1), ("a collector, no span yet", collector, 0)]
    {
        let trace = exo_trace::init(config).map_err(io::Error::other)?;
        (0..spans).for_each(|_| drop(span_sync!("once")));
        let idle = idle_wakeups::count(SETTLING, over)?;
        let (per_second, lost) = (idle.per_second(), trace.losses().total());
        println!("{per_second:>17.2} {:>9} {:>10} {lost:>11}  {name}", idle.threads, idle.switches);
        let _ = trace.shutdown(PATIENCE);
    }
    Ok(ExitCode::SUCCESS)
}
