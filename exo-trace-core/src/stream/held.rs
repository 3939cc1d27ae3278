//! Records that were taken from a ring and are not yet sent.

use super::lane::{Age, Lane};
use crate::compact::Record;

/// How many words are taken at once: the longest text that a frame holds is a little shorter.
const WORDS: usize = 64;

/// Some records of one ring.
#[derive(Debug)]
pub(super) struct Held {
    words: [u32; WORDS],
    filled: usize,
    place: usize,
    lane: usize,
    age: Age,
}

impl Held {
    pub(super) const fn empty() -> Self {
        Self { words: [0; WORDS], filled: 0, place: 0, lane: 0, age: Age::Stale }
    }

    /// Takes records from the next ring that has any; `false` when none has.
    pub(super) fn fill(&mut self, lanes: &mut [Lane<'_>]) -> bool {
        for _ in 0..lanes.len() {
            self.lane = if self.lane + 1 < lanes.len() { self.lane + 1 } else { 0 };
            let Some(lane) = lanes.get_mut(self.lane) else { return false };
            (self.filled, self.age) = lane.take(&mut self.words);
            self.place = 0;
            if self.filled > 0 {
                return true;
            }
        }
        false
    }

    /// Takes note that `quarters` quarters have ended: a line that stands still keeps what is held as well.
    pub(super) fn age(&mut self, quarters: u64) {
        self.age = match self.age {
            Age::New if quarters == 1 => Age::Fresh,
            _ => Age::Stale,
        };
    }

    /// Returns the next record, the number of its ring, and whether its ticks can be told.
    pub(super) fn next(&mut self) -> Option<(Record<'_>, usize, bool)> {
        while let Some(first) = self.words.get(self.place..self.filled)?.first() {
            let from = self.place;
            self.place += Record::words(*first);
            let record = self.words.get(from..self.place).map(Record::decode);
            if let Some(Ok(record)) = record {
                let has_ticks = matches!(record, Record::Span { .. } | Record::Event { .. });
                return Some((record, self.lane, !(has_ticks && self.age == Age::Stale)));
            }
        }
        None
    }
}
