//! One ring as the stream sees it: its records, what became of them, and how old they may be.
//!
//! A record says only the low 32 bits of its ticks, so whoever reads it has to know that it is younger
//! than half of their range. Where the ring's writer stood when a quarter was over tells that, without a
//! word in the record: what was written before the last quarter but one is stale.

use crate::compact::RingRef;

/// How old records may be, by the quarters that have ended since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// None: their ticks can be told until two more have ended.
    New,
    /// One.
    Fresh,
    /// More: nobody could tell their ticks.
    Stale,
}

/// One ring of a board.
#[derive(Debug)]
pub(super) struct Lane<'r> {
    ring: RingRef<'r>,
    /// Where its writer stood when the last quarter but one ended, and the last.
    marks: [usize; 2],
    pub(super) sent: u32,
    pub(super) stale: u32,
}

impl<'r> Lane<'r> {
    pub(super) fn new(ring: RingRef<'r>) -> Self {
        // Before anybody looked at the clock nothing is known to be old: the reader is past these.
        let behind = ring.reader().written().wrapping_sub(usize::MAX / 4);
        Self { ring, marks: [behind; 2], sent: 0, stale: 0 }
    }

    /// Notes where the writer is when `quarters` quarters have ended since the last note.
    pub(super) fn mark(&mut self, quarters: u64) {
        let written = self.ring.reader().written();
        let [_, last] = self.marks;
        self.marks = if quarters == 1 { [last, written] } else { [written; 2] };
    }

    /// Moves records into `room`; returns how many words they have, and how old some may be.
    pub(super) fn take(&mut self, room: &mut [u32]) -> (usize, Age) {
        let mut reader = self.ring.reader();
        let age = match self.marks.map(|mark| reader.has_reached(mark)) {
            [_, true] => Age::New,
            [true, false] => Age::Fresh,
            [false, false] => Age::Stale,
        };
        (reader.read(room), age)
    }

    /// Returns the number of its recorder.
    pub(super) fn number(&self) -> u8 {
        self.ring.number()
    }

    /// Returns what was recorded, refused and taken; counts of 32 bits, which wrap.
    pub(super) fn counts(&self) -> [u32; 3] {
        [self.ring.recorded(), self.ring.refused(), self.ring.taken()].map(|count| count as u32)
    }
}
