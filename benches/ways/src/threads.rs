//! One thread that records and several that do so at the same time, in bursts that fit their rings.
//!
//! Each thread has a processor of its own. The threads of a burst start together, when the last of them is there; a burst takes from the
//! first start to the last end. Each round measures one thread, two, and so on, so that all of them
//! see the same machine.

use crate::bursts::{BURST, empty, refused};
use crate::processors::stay_on;
use crate::spread::Spread;
use exo_trace::{TraceGuard, span_sync};
use std::sync::atomic::{AtomicUsize, Ordering::AcqRel, Ordering::Acquire};
use std::sync::{Barrier, Mutex, PoisonError};
use std::time::Instant;

/// Rounds that are not looked at: rings are claimed, call sites seen for the first time.
const WARM_UP: usize = 10;

/// What so many threads did together.
#[derive(Clone, Copy, Debug)]
pub struct Throughput {
    /// How many recorded at the same time.
    pub threads: usize,
    /// Times `way` was done in a second, by all of them.
    pub per_second: Spread,
    /// That, in multiples of what one thread did in the same round.
    pub times_one: Spread,
    /// How many records were refused in all rounds; with one, the figure is void.
    pub refused: u64,
}

/// Measures one thread, two, and so on up to `threads`, in so many rounds.
pub fn one_to(
    trace: &TraceGuard,
    threads: usize,
    rounds: usize,
    way: impl Fn(usize) + Sync,
) -> Vec<Throughput> {
    let before = refused(trace);
    let mut per_second = vec![Vec::with_capacity(rounds); threads];
    let team = Team::of(threads);
    std::thread::scope(|scope| {
        for number in 0..threads {
            let (team, way) = (&team, &way);
            scope.spawn(move || team.work(number, WARM_UP + rounds, way));
        }
        for round in 0..WARM_UP + rounds {
            for figures in &mut per_second {
                let figure = team.burst();
                figures.extend((round >= WARM_UP).then_some(figure));
                empty(trace);
            }
        }
    });
    let refused = refused(trace) - before;
    let one = per_second.first().cloned().unwrap_or_default();
    let figures = per_second.into_iter().enumerate().map(|(place, figures)| Throughput {
        threads: place + 1,
        times_one: Spread::of(figures.iter().zip(&one).map(|(all, one)| all / one).collect()),
        per_second: Spread::of(figures),
        refused,
    });
    figures.collect()
}

/// Threads that are told together to begin, and wait to be told again.
struct Team {
    threads: usize,
    begin: Barrier,
    end: Barrier,
    /// How many have come to the start of any burst so far.
    arrived: AtomicUsize,
    /// When each began and ended in this burst.
    times: Mutex<Vec<(Instant, Instant)>>,
}

impl Team {
    fn of(threads: usize) -> Self {
        let (begin, end) = (Barrier::new(threads + 1), Barrier::new(threads + 1));
        let (arrived, times) = (AtomicUsize::new(0), Mutex::default());
        Self { threads, begin, end, arrived, times }
    }

    /// Lets the threads of the next burst work, and returns how much they did in a second.
    fn burst(&self) -> f64 {
        self.begin.wait();
        self.end.wait();
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let spans = times.len() * BURST;
        let first = times.iter().map(|(start, _)| *start).min();
        let last = times.iter().map(|(_, end)| *end).max();
        times.clear();
        let took = first.zip(last).map_or(0.0, |(first, last)| (last - first).as_secs_f64());
        spans as f64 / took
    }

    /// Takes part in every burst of more than `number` threads, below a root span of its own.
    fn work(&self, number: usize, rounds: usize, way: &impl Fn(usize)) {
        stay_on(number);
        let _root = span_sync!("bench");
        let mut expected = 0;
        for _ in 0..rounds {
            for threads in 1..=self.threads {
                self.begin.wait();
                expected += threads;
                if number < threads {
                    self.record(expected, way);
                }
                self.end.wait();
            }
        }
    }

    fn record(&self, expected: usize, way: &impl Fn(usize)) {
        // Nothing but the number matters; it orders the threads among themselves.
        self.arrived.fetch_add(1, AcqRel);
        while self.arrived.load(Acquire) < expected {
            std::hint::spin_loop();
        }
        let start = Instant::now();
        (0..BURST).for_each(way);
        let end = Instant::now();
        self.times.lock().unwrap_or_else(PoisonError::into_inner).push((start, end));
    }
}
