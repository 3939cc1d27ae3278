//! Times work in bursts that fit a ring, and empties the rings between two bursts.
//!
//! What is timed is the calling thread; a burst that fits is never refused anything, and a refused
//! record would be cheaper than a recorded one.

use exo_trace::{Losses, SpanData, SpanExporter, TraceConfig, TraceGuard, exporter::ExportError};
use std::time::{Duration, Instant};

/// How many times a way is done in one burst: with 16 words each, half of a ring of 32,768.
pub const BURST: usize = 1_000;

/// How many words of a thread's ring a burst may take without waking the drain: half of it, less the
/// end of a lap.
const WORDS_MAX: usize = 16_000;

/// How long the drain may take to empty the rings.
const PATIENCE: Duration = Duration::from_secs(5);

/// Takes spans and drops them.
struct Nowhere;

impl SpanExporter for Nowhere {
    fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
        Ok(())
    }
}

/// Starts recording with a destination that drops everything.
///
/// # Panics
///
/// Panics when recording runs already: a bench starts it once.
pub fn start(config: TraceConfig) -> TraceGuard {
    exo_trace::init(nowhere(config)).unwrap_or_else(|error| panic!("{error}"))
}

/// Adds a destination that drops everything.
pub fn nowhere(config: TraceConfig) -> TraceConfig {
    config.exporter(Nowhere)
}

/// Empties the rings.
///
/// # Panics
///
/// Panics when they are not empty within five seconds: what is measured next would be refused.
pub fn empty(trace: &TraceGuard) {
    let flushed = trace.flush(PATIENCE);
    assert!(flushed.is_complete(), "{flushed}");
}

/// Returns how long a burst of a way may be that writes so many words each time.
pub const fn burst_of(words: usize) -> usize {
    let burst = WORDS_MAX / words;
    if burst < BURST { burst } else { BURST }
}

/// Times `way`, done so many times with the number of each, in bursts of at most [`BURST`].
///
/// It suits criterion's `iter_custom`.
pub fn timed(trace: &TraceGuard, times: u64, way: impl FnMut(usize)) -> Duration {
    timed_in(BURST, times, way, || empty(trace))
}

/// Times `way` in bursts of at most `burst`, and does `between` after each, untimed.
pub fn timed_in(
    burst: usize,
    times: u64,
    mut way: impl FnMut(usize),
    mut between: impl FnMut(),
) -> Duration {
    let mut took = Duration::ZERO;
    let mut left = usize::try_from(times).unwrap_or(usize::MAX);
    while left > 0 {
        let burst = left.min(burst);
        let start = Instant::now();
        (0..burst).for_each(&mut way);
        took += start.elapsed();
        left -= burst;
        between();
    }
    took
}

/// Returns how many records found no room since recording started; with one, a figure is void.
pub fn refused(trace: &TraceGuard) -> u64 {
    refused_of(&trace.losses())
}

/// Returns how many of the losses are records that found no room.
pub fn refused_of(losses: &Losses) -> u64 {
    losses.spans_refused + losses.facts_refused
}
