//! A record without a clock: what the core crate does for a span besides reading the time.

use crate::floor::work;
use exo_trace_core::{Clock, InternedKey, Key, Outcome, Recorder, Ring, Slot, Value};
use std::hint::black_box;

/// As many words as a thread's ring has by default.
const RING_WORDS: usize = 32_768;

static RING: Ring<[Slot; RING_WORDS]> = Ring::new();
static STEP: InternedKey = InternedKey::new(Key::new("step"));
static IS_EARLY: InternedKey = InternedKey::new(Key::new("is_early"));

/// A clock that stands still.
#[derive(Debug)]
pub struct Still(u64);

impl Clock for Still {
    #[inline(always)]
    fn ticks(&self) -> u64 {
        self.0
    }
}

/// A recorder with such a clock, inside a root span that never ends.
#[derive(Debug)]
pub struct Unclocked {
    recorder: Recorder<'static, [Slot; RING_WORDS], Still, fn()>,
}

impl Unclocked {
    /// Returns the recorder of the process; one at a time, as its ring has one writer.
    pub fn new() -> Self {
        let recorder = Recorder::new(Still(black_box(1)));
        // It had no ring yet.
        let _ = recorder.lend(RING.writer((|| {}) as fn()), black_box(42));
        let root = recorder.start(None, recorder.root(true));
        recorder.replace_current(root.as_current());
        Self { recorder }
    }

    /// A span, entered, left and written.
    #[inline(always)]
    pub fn record(&self, step: usize) {
        let mut span = self.recorder.start(None, self.recorder.current());
        let before = self.recorder.enter(span.as_current());
        work(step);
        if let Some(before) = before {
            self.recorder.leave(&mut span, before);
        }
        let _ = self.recorder.end(&span, Outcome::Ended);
    }

    /// The same with two attributes.
    #[inline(always)]
    pub fn record_two_attributes(&self, step: usize) {
        let mut span = self.recorder.start(None, self.recorder.current());
        let order = span.next_order();
        span.keep(STEP.id(), order, Value::from(step));
        let order = span.next_order();
        span.keep(IS_EARLY.id(), order, Value::from(step < 500));
        let before = self.recorder.enter(span.as_current());
        work(step);
        if let Some(before) = before {
            self.recorder.leave(&mut span, before);
        }
        let _ = self.recorder.end(&span, Outcome::Ended);
    }

    /// Empties the ring.
    pub fn empty(&self) {
        RING.reader().skip();
    }

    /// Returns how many records found no room.
    pub fn refused(&self) -> u64 {
        RING.refused() as u64
    }
}

impl Default for Unclocked {
    fn default() -> Self {
        Self::new()
    }
}
