//! The rate at which one thread can go on recording while the drain keeps up and nothing is lost.
//!
//! A thread records at an even pace for a while; the ring holds a small part of that, so a drain
//! that is slower is found out. The rate is doubled until something is lost or the thread cannot
//! keep the pace, and then halved in between.

use exo_trace::TraceGuard;
use std::time::{Duration, Instant};

/// The ring for it, a hundredth of a second of ten million spans a second.
pub const RING_BYTES: usize = 16 << 20;
/// Where the search begins, in spans a second.
const RATE_MIN: f64 = 1e6;
/// Where it ends at the latest.
const RATE_MAX: f64 = 128e6;
/// How often the interval between a rate that is kept and one that is not is halved.
const HALVINGS: usize = 5;
/// How many spans are recorded between two looks at the clock.
const AT_ONCE: usize = 256;
/// A run that is slower than asked for by more than this did not keep its pace.
const PACE_MIN: f64 = 0.98;
/// How long the drain may take for what is left at the end of a run.
const PATIENCE: Duration = Duration::from_secs(30);

/// One run at one rate.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// How many spans a second were asked for.
    pub asked_per_second: f64,
    /// How many there were.
    pub per_second: f64,
    /// How long the drain took for what was left.
    pub left_for: Duration,
    /// What was lost, for whatever reason.
    pub lost: u64,
}

impl Run {
    /// Tells whether the thread kept the pace and nothing was lost.
    pub fn is_kept(&self) -> bool {
        self.lost == 0 && self.per_second >= self.asked_per_second * PACE_MIN
    }
}

/// Returns every run of a search; the fastest that [is kept](Run::is_kept) is the answer.
pub fn search(trace: &TraceGuard, lasting: Duration, way: impl Fn(usize)) -> Vec<Run> {
    let mut runs = Vec::new();
    let (mut kept, mut missed) = (0.0, RATE_MIN);
    while missed <= RATE_MAX {
        let run = at(trace, missed, lasting, &way);
        runs.push(run);
        if !run.is_kept() {
            break;
        }
        (kept, missed) = (missed, missed * 2.0);
    }
    for _ in 0..HALVINGS {
        let rate = f64::midpoint(kept, missed);
        let run = at(trace, rate, lasting, &way);
        runs.push(run);
        if run.is_kept() { kept = rate } else { missed = rate }
    }
    runs
}

/// Returns the fastest run that is kept.
pub fn fastest(runs: &[Run]) -> Option<&Run> {
    let kept = runs.iter().filter(|run| run.is_kept());
    kept.max_by(|one, other| one.per_second.total_cmp(&other.per_second))
}

/// Records at one rate for a while, and lets the drain finish.
pub fn at(trace: &TraceGuard, rate: f64, lasting: Duration, way: impl Fn(usize)) -> Run {
    let before = trace.losses();
    let (start, spans) = (Instant::now(), (rate * lasting.as_secs_f64()) as usize);
    let mut done = 0;
    while done < spans {
        (done..done + AT_ONCE).for_each(&way);
        done += AT_ONCE;
        let due = Duration::from_secs_f64(done as f64 / rate);
        while start.elapsed() < due {
            std::hint::spin_loop();
        }
    }
    let took = start.elapsed();
    let left = trace.flush(PATIENCE);
    // What is still queued after that long is as good as lost.
    let lost = left.lost.total() - before.total() + left.queued;
    Run {
        asked_per_second: rate,
        per_second: done as f64 / took.as_secs_f64(),
        left_for: start.elapsed() - took,
        lost,
    }
}
