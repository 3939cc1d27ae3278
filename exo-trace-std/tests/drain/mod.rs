//! A drain by hand: reads every lane of the process and lends the retired ones out again.
//!
//! One test of a process has it at a time, because settings, counters and lanes are the process's.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::Record;
use exo_trace_std::{Counter, HostClock, RING_WORDS, Settings, State, registry};
use std::sync::{Mutex, MutexGuard, PoisonError};

static ALONE: Mutex<()> = Mutex::new(());

/// The reading side, and the counters as they stood when it began.
pub(crate) struct Drain {
    words: Vec<u64>,
    counted: Vec<(Counter, u64)>,
    _alone: MutexGuard<'static, ()>,
}

/// What can become of a record that is not read.
const COUNTERS: [Counter; 10] = [
    Counter::BeforeInit,
    Counter::AfterShutdown,
    Counter::NoLane,
    Counter::ThreadGone,
    Counter::OutOfOrder,
    Counter::KeysFull,
    Counter::CallsitesFull,
    Counter::FormatPanicked,
    Counter::SpansRefused,
    Counter::FactsRefused,
];

impl Drain {
    /// Switches recording on.
    pub(crate) fn start(settings: Settings) -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        HostClock::start();
        settings.apply();
        State::On.set();
        let counted = COUNTERS.iter().map(|&counter| (counter, counter.value())).collect();
        let mut drain = Self { words: vec![0; RING_WORDS], counted, _alone: alone };
        // What an earlier test of this process left behind.
        drain.pass(|_| ());
        drain
    }

    /// Shows every record there is to `see` and frees the lanes that were retired before.
    pub(crate) fn pass(&mut self, mut see: impl FnMut(Record<'_>)) {
        for lane in registry::snapshot() {
            let is_retired = lane.is_retired();
            let mut reader = lane.reader();
            loop {
                let filled = reader.read(&mut self.words);
                let mut rest = self.words.get(..filled).unwrap_or_default();
                while let Some(&header) = rest.first() {
                    let (record, after) = rest.split_at(Record::words(header));
                    see(Record::decode(record).expect("what the reader returns is a record"));
                    rest = after;
                }
                if filled == 0 {
                    break;
                }
            }
            if is_retired {
                lane.free();
            }
        }
    }

    /// Makes a pass and returns how many spans it read.
    pub(crate) fn spans(&mut self) -> u64 {
        let mut spans = 0;
        self.pass(|record| spans += u64::from(matches!(record, Record::Span(_))));
        spans
    }

    /// Returns every counter that has moved since the drain began, and by how much.
    pub(crate) fn counted(&self) -> Vec<(Counter, u64)> {
        let moved = self.counted.iter().map(|&(counter, then)| (counter, counter.value() - then));
        moved.filter(|&(_, times)| times > 0).collect()
    }
}
