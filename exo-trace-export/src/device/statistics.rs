//! How a bridge fares: what was read, what was written on, and what was lost on the way.

use super::counts::DeviceCounts;
use exo_trace_core::stream::VERSION;
use std::fmt;

/// What a bridge has read and handed on.
///
/// Of the records that came out of the stream, `device.records`, each is among `spans`, `facts` or
/// `refused`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BridgeStatistics {
    /// Bytes of the stream.
    pub bytes: u64,
    /// Spans that were handed on.
    pub spans: u64,
    /// Attributes, events and links that were handed on.
    pub facts: u64,
    /// Spans and facts that nobody took: no drain runs, it does not keep up, or their boot got no room.
    pub refused: u64,
    /// Boots that got no room when they began, because too many others are bridged; each gets it with
    /// an anchor once there is any.
    pub boots_refused: u64,
    /// Boots whose seed is that of another one that is bridged at the time: their ids are the same.
    pub seeds_shared: u64,
    /// How the stream itself fared.
    pub device: DeviceCounts,
}

impl BridgeStatistics {
    /// Returns how many records were lost on the board, as each of its boots said last: they found no room
    /// in a ring, or waited there for so long that nobody can date them.
    pub fn lost_on_board(&self) -> u64 {
        self.device.lost_before + self.device.lost_of_rings()
    }
}

/// One line, for a person who watches.
impl fmt::Display for BridgeStatistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DeviceCounts { frames, damaged, missing, evicted, orphaned, .. } = self.device;
        let DeviceCounts { repeated, waiting, boots_unread, version_unread, .. } = self.device;
        write!(f, "{} spans and {} facts in {frames} frames", self.spans, self.facts)?;
        let lost = [
            (damaged, "damaged"),
            (missing, "missing"),
            (self.lost_on_board(), "lost on the board"),
            (evicted, "given up"),
            (orphaned, "without the context of their trace"),
            (self.refused, "refused here"),
            (repeated, "with the id of another span"),
            (self.boots_refused, "boots without room"),
            (self.seeds_shared, "boots with the seed of another"),
            (waiting as u64, "waiting"),
        ];
        let mut lost = lost.into_iter().filter(|(count, _)| *count > 0);
        lost.try_for_each(|(count, what)| write!(f, ", {count} {what}"))?;
        match version_unread {
            Some(other) => {
                write!(f, ", {boots_unread} boot frames of version {other}: {VERSION} is read")
            }
            None => Ok(()),
        }
    }
}
