//! A question for criterion: several ways, each timed in bursts that fit a ring, and what was lost.
//!
//! A figure stands beside its losses, because a refused record is cheaper than a recorded one: with
//! one, the run is void and fails.

use crate::bursts::{BURST, burst_of, empty, refused_of, timed_in};
use crate::unclocked::Unclocked;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use exo_trace::{Losses, TraceGuard};
use std::process::ExitCode;
use std::time::Duration;

/// How long one way is measured, with the emptying of the rings between its bursts.
const MEASUREMENT: Duration = Duration::from_secs(2);
const WARM_UP: Duration = Duration::from_millis(500);

/// Where the records of a question stand until they are taken.
pub trait Rings {
    /// Empties them, between two bursts.
    fn empty(&self);

    /// Returns what they lost so far.
    fn losses(&self) -> Losses;
}

impl Rings for TraceGuard {
    fn empty(&self) {
        empty(self);
    }

    fn losses(&self) -> Losses {
        TraceGuard::losses(self)
    }
}

impl Rings for Unclocked {
    fn empty(&self) {
        Unclocked::empty(self);
    }

    fn losses(&self) -> Losses {
        let mut losses = Losses::default();
        losses.spans_refused = self.refused();
        losses
    }
}

/// No rings: for what is measured while nothing records.
impl Rings for () {
    fn empty(&self) {}

    fn losses(&self) -> Losses {
        Losses::default()
    }
}

/// A question while it is asked.
pub struct Question<'c, R> {
    group: BenchmarkGroup<'c, WallTime>,
    rings: &'c R,
}

impl<R: Rings> Question<'_, R> {
    /// Measures a way that writes no more than sixteen words each time.
    pub fn way(&mut self, name: &str, way: impl FnMut(usize)) {
        self.in_bursts(BURST, name, way);
    }

    /// Measures a way that writes up to so many words each time.
    pub fn way_of(&mut self, words: usize, name: &str, way: impl FnMut(usize)) {
        self.in_bursts(burst_of(words), name, way);
    }

    fn in_bursts(&mut self, burst: usize, name: &str, mut way: impl FnMut(usize)) {
        let rings = self.rings;
        self.group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| timed_in(burst, times, &mut way, || rings.empty()));
        });
    }
}

/// Asks a question and prints what was lost meanwhile; fails when a record was refused.
///
/// ```no_run
/// use exo_trace::{TraceConfig, span_sync};
/// use exo_trace_ways::{bursts, questions, spans};
///
/// let trace = bursts::start(TraceConfig::new("bench"));
/// let _root = span_sync!("bench");
/// let verdict = questions::ask("span", &trace, |question| question.way("alone", spans::alone));
/// ```
pub fn ask<R: Rings>(name: &str, rings: &R, ways: impl FnOnce(&mut Question<'_, R>)) -> ExitCode {
    let mut criterion = Criterion::default().configure_from_args();
    {
        let mut group = criterion.benchmark_group(name);
        group.measurement_time(MEASUREMENT).warm_up_time(WARM_UP);
        ways(&mut Question { group, rings });
    }
    criterion.final_summary();
    verdict(name, &rings.losses())
}

fn verdict(name: &str, losses: &Losses) -> ExitCode {
    let refused = refused_of(losses);
    let (says, code) =
        if refused > 0 { (": VOID", ExitCode::FAILURE) } else { ("", ExitCode::SUCCESS) };
    println!("{name}: {refused} records refused{says}; of all losses: {losses}");
    code
}
