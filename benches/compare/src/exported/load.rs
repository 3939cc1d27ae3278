//! What every contender does: bursts of spans with two attributes, at a pace that all can keep up
//! with.
//!
//! A burst is one trace: a root, and the others below it. The pace is the same for everybody who keeps
//! up with it, so that nobody's wake-ups are shared by more spans than another's.

use std::error::Error;
use std::hint::black_box;
use std::ops::Range;
use std::time::{Duration, Instant};

/// How many spans a burst has, its root among them.
pub(crate) const BURST: u64 = 2_000;
/// How long from one burst to the next, but for a contender whose queue is too short for it.
pub(crate) const PACE: Duration = Duration::from_millis(10);

/// The text that is known when the program is built.
pub(crate) const AGENT: &str = "researcher";

/// So many spans, in whole bursts.
pub(crate) struct Load {
    pub(crate) mix: Mix,
    pub(crate) spans: u64,
    pub(crate) pace: Duration,
}

/// Where the text among the attributes comes from; the other one is a number, another each time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mix {
    /// It stands in the program.
    Static,
    /// It is a `String` that was made a moment ago.
    Made,
}

impl Mix {
    pub(crate) const ALL: [Self; 2] = [Self::Static, Self::Made];

    pub(crate) fn named(name: &str) -> Result<Self, Box<dyn Error>> {
        let known = Self::ALL.into_iter().find(|mix| mix.name() == name);
        known.ok_or_else(|| format!("mix is {name:?}, expected static or made").into())
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Made => "made",
        }
    }

    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Static => "a text of the program's and a number",
            Self::Made => "a text made at run time and a number",
        }
    }
}

impl Load {
    /// Calls `burst` with the numbers of the spans of each burst, in time.
    pub(crate) fn run(&self, mut burst: impl FnMut(Range<i64>)) {
        let mut due = Instant::now();
        for first in (0..self.spans.cast_signed()).step_by(BURST as usize) {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            burst(first..first + BURST.cast_signed());
            // Who was late is not made to hurry.
            due = (due + self.pace).max(Instant::now());
        }
    }
}

/// Makes a text; what that costs is part of every contender's figure.
pub(crate) fn made_text() -> String {
    black_box(AGENT).to_owned()
}
