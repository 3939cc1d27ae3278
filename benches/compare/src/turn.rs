//! One turn of a contender: some bursts of each of its ways, each beside a burst of the floor.
//!
//! Before both nothing is on its way any more, and whoever emptied it has gone to sleep again; waiting for
//! that is nobody's time. The first bursts of a turn are left out: another process had the core a moment ago.

use crate::contender::{Contender, timed};
use crate::spread::Spread;
use exo_trace_ways::floor::floor;
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

const WARM_UP: usize = 3;
/// How long the threads of a contender may take to go to sleep after they were woken to empty what was on its
/// way. Two processors of a virtual machine mostly share a core: there they would slow down the next burst.
const SETTLE: Duration = Duration::from_micros(200);

/// What a turn came to, as one line between two processes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Turn {
    pub(crate) ways: Vec<Took>,
    pub(crate) missing: u64,
    pub(crate) resident_kib: u64,
}

/// The median burst of one way, for one time, and that of the floor's bursts beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Took {
    pub(crate) way: String,
    pub(crate) nanos: f64,
    pub(crate) floor_nanos: f64,
}

impl Took {
    pub(crate) fn times_floor(&self) -> f64 {
        self.nanos / self.floor_nanos
    }
}

/// Does so many bursts of every way, one after the other.
pub(crate) fn take(contender: &mut Contender, bursts: usize) -> (Vec<Took>, u64) {
    let clock = quanta::Clock::new();
    let mut taken = vec![(Vec::new(), Vec::new()); contender.ways.len()];
    let mut missing = (contender.missing)(0);
    for burst in 0..WARM_UP + bursts {
        for (way, (nanos, floors)) in contender.ways.iter_mut().zip(&mut taken) {
            settle();
            let floor_took = timed(way.times, |step| floor(&clock, step));
            let took = (way.burst)(way.times);
            missing += (contender.missing)((way.spans)(way.times));
            if burst >= WARM_UP {
                nanos.push(nanos_each(took, way.times));
                floors.push(nanos_each(floor_took, way.times));
            }
        }
    }
    let median = |figures: Vec<f64>| Spread::of(figures).map_or(f64::NAN, |spread| spread.median);
    let took = contender.ways.iter().zip(taken).map(|(way, (nanos, floors))| Took {
        way: way.name.to_owned(),
        nanos: median(nanos),
        floor_nanos: median(floors),
    });
    (took.collect(), missing)
}

/// Waits at work: a core that sleeps is slow when it wakes.
fn settle() {
    let since = Instant::now();
    while since.elapsed() < SETTLE {
        std::hint::spin_loop();
    }
}

fn nanos_each(burst: Duration, times: usize) -> f64 {
    burst.as_nanos() as f64 / times as f64
}
