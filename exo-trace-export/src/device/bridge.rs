//! From a board's stream to this process's destinations: fed by hand, or by a thread that reads.

use super::Decoder;
use super::board::{Board, Pace, RING_WORDS};
use super::reading::Reading;
use super::record::{DeviceBoot, Heard};
use super::statistics::BridgeStatistics;
use crate::config::ResourceValue;
use crate::feeds::{LINES_MAX, Line};
use crate::note::note;
use crate::resource::Resource;
use crate::timeline::BoardTime;
use std::io::{self, Read};
use std::sync::Arc;

/// Hands the spans of one board on to the destinations of this process.
///
/// They arrive wherever the program's own spans do, with a resource of their own, in the world's time, and
/// as children of the program's span where that sent its `traceparent` to the board. Of what is lost on
/// the way, [`BridgeStatistics`] tells what and where.
///
/// ```
/// use exo_trace_export::device::Bridge;
/// use exo_trace_export::{TraceBackend, TraceConfig, init};
///
/// let trace = init(TraceConfig::new("gateway").backend(TraceBackend::Memory))?;
/// let mut bridge = Bridge::new().resource("device.id", "kitchen");
/// // Whatever a serial port, a socket or a file gives, cut anywhere.
/// bridge.feed(b"\0no frame\0");
/// assert_eq!(bridge.statistics().device.damaged, 1);
/// # Ok::<(), exo_trace_export::InitError>(())
/// ```
pub struct Bridge {
    decoder: Decoder,
    board: Option<Board>,
    /// What is said of a board that does not say it itself.
    unsaid: Vec<(String, ResourceValue)>,
    statistics: BridgeStatistics,
}

impl Default for Bridge {
    fn default() -> Self {
        Self::new()
    }
}

impl Bridge {
    /// Returns a bridge that has read nothing.
    pub fn new() -> Self {
        let sdk = [
            ("service.name", "unknown_service"),
            ("telemetry.sdk.name", "exo-trace"),
            ("telemetry.sdk.language", "rust"),
            ("telemetry.sdk.version", env!("CARGO_PKG_VERSION")),
        ];
        let unsaid = sdk.map(|(key, value)| (key.to_owned(), value.into())).to_vec();
        let statistics = BridgeStatistics::default();
        Self { decoder: Decoder::new(), board: None, unsaid, statistics }
    }

    /// Says something of the board that it may not say itself: its own word wins.
    #[must_use]
    pub fn resource(mut self, key: impl Into<String>, value: impl Into<ResourceValue>) -> Self {
        let (key, value) = (key.into(), value.into());
        match self.unsaid.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = value,
            None => self.unsaid.push((key, value)),
        }
        self
    }

    /// Takes the bytes that came next; what they say stands in a ring for the drain.
    ///
    /// Never waits: what finds no room is refused and counted, as is everything while no drain runs.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.take(bytes, Pace::Refuses);
    }

    /// Hands on what can be understood of records that still wait, because nothing more will come.
    pub fn finish(&mut self) {
        self.end(Pace::Refuses);
    }

    /// Returns how it fares.
    pub fn statistics(&self) -> BridgeStatistics {
        BridgeStatistics { device: self.decoder.counts(), ..self.statistics.clone() }
    }

    /// Reads on a thread of its own until there is nothing more.
    ///
    /// Where the drain does not keep up, as it may with a file, the thread waits for it: five seconds, then
    /// what finds no room is refused and counted. A silent line is waited for; its end is an end.
    ///
    /// # Errors
    ///
    /// Says that the system gave no thread.
    ///
    /// ```
    /// use exo_trace_export::device::Bridge;
    ///
    /// let reading = Bridge::new().reading(std::io::Cursor::new(b"\0no frame\0"))?;
    /// let (statistics, end) = reading.wait();
    /// assert_eq!((statistics.bytes, statistics.device.damaged), (10, 1));
    /// end?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn reading(self, from: impl Read + Send + 'static) -> io::Result<Reading> {
        Reading::start(self, from)
    }

    pub(super) fn take(&mut self, bytes: &[u8], pace: Pace) {
        let Self { decoder, board, unsaid, statistics } = self;
        statistics.bytes += bytes.len() as u64;
        decoder.feed(bytes, |heard| hear(heard, board, unsaid, pace, statistics));
    }

    pub(super) fn end(&mut self, pace: Pace) {
        let Self { decoder, board, unsaid, statistics } = self;
        decoder.finish(|heard| hear(heard, board, unsaid, pace, statistics));
    }
}

impl std::fmt::Debug for Bridge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bridge").field("statistics", &self.statistics()).finish_non_exhaustive()
    }
}

fn hear(
    heard: Heard,
    board: &mut Option<Board>,
    unsaid: &[(String, ResourceValue)],
    pace: Pace,
    statistics: &mut BridgeStatistics,
) {
    match heard {
        // The one before is dropped, and its line ends with what stands in it.
        Heard::Boot(boot) => *board = opened(&boot, unsaid),
        Heard::Anchor(anchor) => {
            if let Some(board) = board {
                board.anchor(anchor, BoardTime::now());
            }
        }
        Heard::Record(record) => match board {
            Some(board) => board.write(&record, pace, statistics),
            None => statistics.refused += 1,
        },
    }
}

fn opened(boot: &Arc<DeviceBoot>, unsaid: &[(String, ResourceValue)]) -> Option<Board> {
    let said = boot.resource.iter().map(|(key, value)| (String::from(&**key), (&**value).into()));
    let mut attributes: Vec<(String, ResourceValue)> = said.collect();
    for (key, value) in unsaid {
        if !attributes.iter().any(|(known, _)| known == key) {
            attributes.push((key.clone(), value.clone()));
        }
    }
    // `service.name` first, as in every resource.
    attributes.sort_by_key(|(key, _)| key != "service.name");
    let line = Line::open(RING_WORDS, Resource::new(attributes));
    if line.is_none() {
        note(format_args!(
            "spans of a board are lost: {LINES_MAX} others are bridged, or no memory"
        ));
    }
    line.map(|line| Board::new(line, boot.ticks_per_second))
}
