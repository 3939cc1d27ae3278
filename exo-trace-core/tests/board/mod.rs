//! A board for tests: a timer that is set by hand, and what is in a ring, record by record.
#![allow(dead_code, reason = "each test uses what it needs")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::Outcome;
use exo_trace_core::compact::{Clock32, HalfLaps, LocalId, Record, RingRef, Values};
use std::cell::Cell;

/// A timer that stands still until somebody moves it, and a count of its half laps.
#[derive(Default)]
pub(crate) struct Board {
    ticks: Cell<u32>,
    half_laps: HalfLaps,
}

impl Board {
    /// A board whose timer says `ticks`, its half laps counted.
    pub(crate) fn at(ticks: u32) -> Self {
        let board = Self::default();
        board.ticks.set(ticks);
        board.half_laps.advance(ticks);
        board
    }

    /// Lets time go by, while somebody takes note of each quarter of a lap.
    pub(crate) fn wait(&self, mut ticks: u64) {
        while ticks > 0 {
            let step = ticks.min(1 << 30);
            self.ticks.set(self.ticks.get().wrapping_add(step as u32));
            self.half_laps.advance(self.ticks.get());
            ticks -= step;
        }
    }

    /// Lets time go by while nobody looks.
    pub(crate) fn sleep(&self, ticks: u32) {
        self.ticks.set(self.ticks.get().wrapping_add(ticks));
    }
}

impl Clock32 for Board {
    fn ticks(&self) -> u32 {
        self.ticks.get()
    }

    fn half_laps(&self) -> u32 {
        self.half_laps.count()
    }
}

/// The words of each record in a ring, which are read.
pub(crate) fn read(ring: RingRef<'_>) -> Vec<Vec<u32>> {
    let mut words = vec![0; 1 << 12];
    let filled = ring.reader().read(&mut words);
    let mut rest = &words[..filled];
    let mut records = Vec::new();
    while let Some(&head) = rest.first() {
        let (record, after) = rest.split_at(Record::words(head));
        records.push(record.to_vec());
        rest = after;
    }
    records
}

/// A span as its record says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) site: u16,
    pub(crate) id: LocalId,
    pub(crate) parent: Option<LocalId>,
    pub(crate) root: LocalId,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) laps: u8,
    pub(crate) outcome: Outcome,
    pub(crate) dropped: u8,
    pub(crate) values: Values,
}

/// The spans in a ring, which are read; other records are passed over.
pub(crate) fn spans(ring: RingRef<'_>) -> Vec<Span> {
    read(ring).iter().filter_map(|words| span(words)).collect()
}

fn span(words: &[u32]) -> Option<Span> {
    match Record::decode(words).expect("a recorder writes records") {
        Record::Span { site, id, parent, root, start, end, laps, outcome, dropped, values } => {
            Some(Span { site, id, parent, root, start, end, laps, outcome, dropped, values })
        }
        _ => None,
    }
}
