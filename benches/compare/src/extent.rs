//! How much a run does: everything, or what two minutes allow.

use crate::exported::Mix;
use std::time::Duration;

/// How often each part is repeated.
pub(crate) struct Extent {
    pub(crate) rounds: usize,
    /// The same, with the contenders' threads on another core.
    pub(crate) rounds_apart: usize,
    /// How many bursts of each way a turn has.
    pub(crate) bursts: usize,
    pub(crate) mixes: &'static [Mix],
    pub(crate) exported_rounds: usize,
    /// What the exported runs are divided by.
    pub(crate) exported_shorter: u64,
    /// How often each question about the whole is asked.
    pub(crate) answers: usize,
    /// How long one measurement of those is that have no length of their own.
    pub(crate) lasting: Duration,
    /// Whether `ci/off.sh` is asked; it builds the crates anew.
    pub(crate) asks_off: bool,
}

pub(crate) const FULL: Extent = Extent {
    rounds: 100,
    rounds_apart: 40,
    bursts: 30,
    mixes: &Mix::ALL,
    exported_rounds: 5,
    exported_shorter: 1,
    answers: 5,
    lasting: Duration::from_secs(1),
    asks_off: true,
};

pub(crate) const QUICK: Extent = Extent {
    rounds: 12,
    rounds_apart: 6,
    bursts: 20,
    mixes: &Mix::ALL,
    exported_rounds: 2,
    exported_shorter: 5,
    answers: 3,
    lasting: Duration::from_millis(200),
    asks_off: false,
};
