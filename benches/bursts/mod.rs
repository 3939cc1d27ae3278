//! Measures several ways to do the same work in turn, in bursts that fit a ring.
//!
//! Each round runs every way once, so that whatever the machine does meanwhile touches all of them
//! alike; between two bursts the rings are emptied. Medians and the spread are printed, and each
//! median as a multiple of the first way's: the floor. A run in which one span was refused is void,
//! because a refused span is cheaper than a recorded one.

use exo_trace::{SpanData, SpanExporter, TraceConfig, TraceGuard, exporter::ExportError};
use std::fmt;
use std::time::{Duration, Instant};

/// How many times a way is done in one burst: with 16 words each, half of a ring of 32,768.
pub(crate) const BURST: usize = 1_000;
const ROUNDS: usize = 600;
const WARM_UP: usize = 50;

/// What a way may cost: so many times the floor, and so many nanoseconds more.
pub(crate) struct Goal {
    times: f64,
    more: f64,
}

impl Goal {
    fn is_reached(&self, median: f64, floor: f64) -> bool {
        median <= floor * self.times + self.more
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "≤ {:.2}", self.times)?;
        if self.more > 0.0 { write!(f, " and {:.0} ns", self.more) } else { Ok(()) }
    }
}

/// One way to do the work, done [`BURST`] times.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    pub(crate) goal: Option<Goal>,
    pub(crate) burst: Box<dyn FnMut()>,
}

impl Way {
    pub(crate) fn new(name: &'static str, burst: impl FnMut() + 'static) -> Self {
        Self { name, goal: None, burst: Box::new(burst) }
    }

    pub(crate) fn at_most(self, times: f64, more: f64) -> Self {
        Self { goal: Some(Goal { times, more }), ..self }
    }
}

/// Takes spans and drops them: what is measured is the calling thread.
struct Nowhere;

impl SpanExporter for Nowhere {
    fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
        Ok(())
    }
}

/// Starts recording for a bench.
pub(crate) fn start(config: TraceConfig) -> TraceGuard {
    exo_trace::init(config.exporter(Nowhere)).expect("nothing runs yet")
}

/// Runs all ways in turn and prints the table; `false` when the run is void.
pub(crate) fn compare(trace: &TraceGuard, mut ways: Vec<Way>) -> bool {
    let mut nanos: Vec<Vec<f64>> = ways.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for round in 0..WARM_UP + ROUNDS {
        for (way, nanos) in ways.iter_mut().zip(&mut nanos) {
            let start = Instant::now();
            (way.burst)();
            let took = start.elapsed().as_nanos() as f64 / BURST as f64;
            if round >= WARM_UP {
                nanos.push(took);
            }
            let _ = trace.flush(Duration::from_secs(5));
        }
    }
    nanos.iter_mut().for_each(|nanos| nanos.sort_by(f64::total_cmp));
    let at = |nanos: &[f64], share: f64| nanos[((nanos.len() - 1) as f64 * share) as usize];
    let floor = at(&nanos[0], 0.5);
    println!("{:<44} {:>8} {:>8} {:>8} {:>8}   goal", "", "p10", "median", "p90", "× floor");
    for (way, nanos) in ways.iter().zip(&nanos) {
        let (low, median, high) = (at(nanos, 0.1), at(nanos, 0.5), at(nanos, 0.9));
        let times = median / floor;
        let goal = way.goal.as_ref().map_or(String::new(), |goal| {
            let is_reached = goal.is_reached(median, floor);
            format!("{goal} {}", if is_reached { "reached" } else { "MISSED" })
        });
        println!("{:<44} {low:>8.2} {median:>8.2} {high:>8.2} {times:>8.3}   {goal}", way.name);
    }
    let refused = trace.losses().spans_refused + trace.losses().facts_refused;
    println!("ns each; {ROUNDS} rounds of {BURST}, in turn; {refused} records refused");
    if refused > 0 {
        println!("VOID: a refused record is cheaper than a recorded one");
    }
    refused == 0
}
