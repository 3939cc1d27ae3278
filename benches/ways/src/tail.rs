//! Single spans, each timed by itself while the drain works: what most cost, and what the slowest do.
//!
//! Each time holds one read of the clock besides the span, from the end of the first read to the end
//! of the second; [`Tail::clock`] says what that is without a span, and nothing is taken off.

use crate::bursts::{BURST, empty, refused};
use crate::spread::Spread;
use exo_trace::TraceGuard;
use hdrhistogram::Histogram;
use quanta::Clock;
use std::time::Duration;

/// Spans at the head of a burst that are not timed where the question is about steady work: what the
/// first ones cost after a wait is a question of its own.
const HEAD: usize = 100;
/// How long a burst is that passes half of a ring of 32,768 words, and does not fill it, with 11 words
/// a span.
const BURST_PAST_HALF: usize = 2_000;
const _: () = assert!(BURST_PAST_HALF * 11 > 32_768 / 2 && BURST_PAST_HALF * 16 < 32_768);
/// After how many single spans the rings are emptied.
const SINGLES: usize = 500;
/// How often the clock alone is timed.
const CLOCKS: usize = 100_000;
/// The longest time that is told apart from a longer one: minutes.
const TICKS_MAX: u64 = 1 << 40;
/// Decimal digits of a time that are told apart.
const DIGITS: u8 = 3;
/// As many ticks as make the length of one exact.
const MANY_TICKS: u64 = 1 << 40;

/// How times lie, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// How many there are.
    pub count: u64,
    /// Half are shorter.
    pub median: f64,
    /// One in a hundred is longer.
    pub p99: f64,
    /// One in a thousand is longer.
    pub p999: f64,
    /// The longest.
    pub max: f64,
}

/// What single spans took.
#[derive(Clone, Copy, Debug)]
pub struct Tail {
    /// All that were timed.
    pub spans: Times,
    /// The slowest of each burst.
    pub slowest: Times,
    /// The same without a span: two reads of the clock, one after the other.
    pub clock: Times,
    /// A step of the clock: of two reads in a row that differ, a tenth differ by no more than that.
    pub clock_step: f64,
    /// How many records were refused; with one, the figures are void.
    pub refused: u64,
}

/// Times spans in bursts that stay below half of the ring, so that nobody is woken.
pub fn steady(trace: &TraceGuard, bursts: usize, mut way: impl FnMut(usize)) -> Tail {
    tail(trace, |timer| {
        for _ in 0..bursts {
            (0..HEAD).for_each(&mut way);
            timer.burst(BURST - HEAD, &mut way);
            empty(trace);
        }
    })
}

/// Times spans in bursts that pass half of the ring, where one of them wakes the drain.
pub fn with_a_wake(trace: &TraceGuard, bursts: usize, mut way: impl FnMut(usize)) -> Tail {
    tail(trace, |timer| {
        for _ in 0..bursts {
            timer.burst(BURST_PAST_HALF, &mut way);
            empty(trace);
        }
    })
}

/// Times the first span after each of so many sleeps.
pub fn after_a_sleep(
    trace: &TraceGuard,
    sleeps: usize,
    sleep: Duration,
    mut way: impl FnMut(usize),
) -> Tail {
    tail(trace, |timer| {
        for number in 0..sleeps {
            std::thread::sleep(sleep);
            timer.burst(1, &mut way);
            if number % SINGLES == SINGLES - 1 {
                empty(trace);
            }
        }
        empty(trace);
    })
}

fn tail(trace: &TraceGuard, time: impl FnOnce(&mut Timer)) -> Tail {
    let before = refused(trace);
    let mut clock = Timer::new();
    clock.burst(CLOCKS, &mut |_| {});
    let steps = clock.ticks.iter().copied().filter(|ticks| *ticks > 0);
    let step_ticks = Spread::of(steps.map(|ticks| ticks as f64).collect()).p10;
    let mut timer = Timer::new();
    time(&mut timer);
    Tail {
        spans: timer.times(&timer.all),
        slowest: timer.times(&timer.slowest),
        clock: clock.times(&clock.all),
        clock_step: step_ticks * clock.tick_nanos(),
        refused: refused(trace) - before,
    }
}

/// Ticks of single calls.
struct Timer {
    clock: Clock,
    /// Those of one burst, which are sorted in only after it.
    ticks: Vec<u64>,
    all: Histogram<u64>,
    slowest: Histogram<u64>,
}

impl Timer {
    fn new() -> Self {
        let histogram = || Histogram::new_with_max(TICKS_MAX, DIGITS);
        let histogram = || histogram().unwrap_or_else(|error| panic!("{error}"));
        let ticks = Vec::with_capacity(CLOCKS);
        Self { clock: Clock::new(), ticks, all: histogram(), slowest: histogram() }
    }

    /// Times each of a burst of calls.
    fn burst(&mut self, times: usize, way: &mut impl FnMut(usize)) {
        self.ticks.clear();
        for step in 0..times {
            let start = self.clock.raw();
            way(step);
            self.ticks.push(self.clock.raw().wrapping_sub(start));
        }
        // None is longer than minutes.
        self.ticks.iter().for_each(|ticks| self.all.saturating_record(*ticks));
        let slowest = self.ticks.iter().max();
        slowest.into_iter().for_each(|ticks| self.slowest.saturating_record(*ticks));
    }

    fn times(&self, ticks: &Histogram<u64>) -> Times {
        let nanos = |ticks: u64| ticks as f64 * self.tick_nanos();
        let at = |share: f64| nanos(ticks.value_at_quantile(share));
        let (count, max) = (ticks.len(), nanos(ticks.max()));
        Times { count, median: at(0.5), p99: at(0.99), p999: at(0.999), max }
    }

    fn tick_nanos(&self) -> f64 {
        self.clock.delta_as_nanos(0, MANY_TICKS) as f64 / MANY_TICKS as f64
    }
}
