//! Whose spans are measured: ways to do the same work, and how it is known that nothing was lost.

use exo_trace_ways::bursts::{BURST, burst_of};
use exo_trace_ways::floor::work;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// The work itself, and what every contender does with it, by name.
pub(crate) const BARE: &str = "bare";
pub(crate) const SPAN: &str = "span";
pub(crate) const TWO: &str = "two attributes";

/// The truth value is true for the steps before this one, as in the ways of our own.
pub(crate) const EARLY: usize = 500;

/// One library, set up in this process.
pub(crate) struct Contender {
    pub(crate) ways: Vec<Way>,
    /// Waits until nothing is on its way any more, and returns how many of so many spans are missing.
    pub(crate) missing: Box<dyn FnMut(u64) -> u64>,
}

/// One way to do the work.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    /// How often one burst does it.
    pub(crate) times: usize,
    /// How many spans a burst of so many times leaves.
    pub(crate) spans: fn(usize) -> u64,
    /// Does it so many times, and returns how long that took.
    pub(crate) burst: Box<dyn FnMut(usize) -> Duration>,
}

/// What a contender is, in words for whoever reads its figures.
pub(crate) struct About {
    /// The packages whose versions matter, as `Cargo.lock` names them.
    pub(crate) packages: &'static [&'static str],
    pub(crate) settings: &'static str,
    pub(crate) lacks: &'static str,
}

impl Way {
    /// A way that leaves one span each time.
    pub(crate) fn new(name: &'static str, burst: impl FnMut(usize) -> Duration + 'static) -> Self {
        Self { name, times: BURST, spans: |times| times as u64, burst: Box::new(burst) }
    }

    /// A way that leaves nothing.
    pub(crate) fn silent(
        name: &'static str,
        burst: impl FnMut(usize) -> Duration + 'static,
    ) -> Self {
        Self { spans: |_| 0, ..Self::new(name, burst) }
    }

    /// The same, with one more span for each burst: the root of the others.
    pub(crate) fn below_a_root(self) -> Self {
        Self { spans: |times| times as u64 + 1, ..self }
    }

    /// The same, in bursts that leave half of a ring free where each takes so many words.
    pub(crate) fn of_words(self, words: usize) -> Self {
        Self { times: burst_of(words), ..self }
    }

    /// The work and nothing else.
    pub(crate) fn bare() -> Self {
        Self::silent(BARE, |times| timed(times, work))
    }
}

/// Does `way` so many times, and returns how long that took.
#[inline(always)]
pub(crate) fn timed(times: usize, way: impl FnMut(usize)) -> Duration {
    let start = Instant::now();
    (0..times).for_each(way);
    start.elapsed()
}

/// Counts the spans that arrive where they are dropped.
///
/// Relaxed: whoever asks has waited for a flush, which orders more than a count needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrived(Arc<AtomicU64>);

impl Arrived {
    pub(crate) fn add(&self, spans: usize) {
        self.0.fetch_add(spans as u64, Relaxed);
    }

    /// Returns how many of `expected` did not arrive since the last time.
    pub(crate) fn missing_of(&self, expected: u64) -> u64 {
        expected.saturating_sub(self.0.swap(0, Relaxed))
    }
}
