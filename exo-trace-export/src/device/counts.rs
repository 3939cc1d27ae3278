//! What was lost between a board and here, and where: every frame and record is in one of these.

use super::message::Loss;
use exo_trace_core::stream::RINGS_MAX;

/// How a board's stream fared.
///
/// Of the frames that were found, `frames` could be read, `damaged` could not, `in_doubt` may still
/// turn out to be of a boot that is not known yet. Of those that could be read, `unknown` and
/// `malformed` said nothing to us. Of the records, `waiting` are held for what they need, and
/// `evicted` were given up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceCounts {
    /// Frames whose sum was right.
    pub frames: u64,
    /// Frames whose sum was wrong, or that were none.
    pub damaged: u64,
    /// Frames that never came, by the numbers of those that did; damaged ones are among them.
    pub missing: u64,
    /// Frames that fit no boot that is known.
    pub in_doubt: usize,
    /// Frames of a kind that a later version defines.
    pub unknown: u64,
    /// Frames that were whole and made no sense.
    pub malformed: u64,
    /// Spans and facts that came out.
    pub records: u64,
    /// Spans and facts that wait for a call site, a context, the clock or the trace of a link, and what
    /// waits behind them.
    pub waiting: usize,
    /// Spans, facts and frames in doubt that were given up because too many waited, or for too long.
    pub evicted: u64,
    /// Spans of traces that continue one of another process, and nobody said which: they came out as
    /// traces of the board's own.
    pub orphaned: u64,
    /// Spans and facts of call sites that the board did not list.
    pub unlisted: u64,
    /// Spans that have the id of one of the last 4,096 of their boot before them, and did not come out: two
    /// rings share a recorder's number, or the line says things twice.
    pub repeated: u64,
    /// How often a boot began that was not known.
    pub boots: u64,
    /// Boot frames of a version that is not read here.
    pub boots_unread: u64,
    /// The version that the last of those had.
    pub version_unread: Option<u8>,
    /// What the rings of earlier boots lost, as they said last; where two boards of one seed take turns on
    /// one line, each turn adds it again.
    pub lost_before: u64,
    /// What each ring said last, in the order of their numbers.
    pub rings: Vec<RingCounts>,
}

/// What one ring of a board said last of itself; counts of 32 bits, which wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RingCounts {
    /// Records that found room.
    pub recorded: u32,
    /// Records that found none.
    pub refused: u32,
    /// Records that the stream took out.
    pub taken: u32,
    /// Records that became a frame.
    pub sent: u32,
    /// Records that waited for so long that nobody can tell when they were written.
    pub stale: u32,
}

impl DeviceCounts {
    /// Returns how many records the rings of this boot lost, as they said last.
    pub(super) fn lost_of_rings(&self) -> u64 {
        let lost = self.rings.iter().map(|ring| [ring.refused, ring.stale]);
        lost.flatten().map(u64::from).sum()
    }

    /// Forgets the rings of a boot that is over, and keeps what they lost.
    pub(super) fn forget_rings(&mut self) {
        self.lost_before += self.lost_of_rings();
        self.rings.clear();
    }

    pub(super) fn ring(&mut self, loss: &Loss) {
        let ring = usize::from(loss.ring);
        if ring >= RINGS_MAX {
            self.malformed += 1;
            return;
        }
        if self.rings.len() <= ring {
            self.rings.resize(ring + 1, RingCounts::default());
        }
        let &Loss { recorded, refused, taken, sent, stale, .. } = loss;
        self.rings[ring] = RingCounts { recorded, refused, taken, sent, stale };
    }
}
