//! From a board's stream to this process's destinations: fed by hand, or by a thread that reads.

use super::Decoder;
use super::board::Pace;
use super::landing::Landing;
use super::reading::Reading;
use super::statistics::BridgeStatistics;
use crate::config::ResourceValue;
use std::io::{self, Read};

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
    landing: Landing,
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
        Self { decoder: Decoder::new(), landing: Landing::new(unsaid) }
    }

    /// Says something of the board that it may not say itself: its own word wins.
    #[must_use]
    pub fn resource(mut self, key: impl Into<String>, value: impl Into<ResourceValue>) -> Self {
        let (key, value) = (key.into(), value.into());
        let unsaid = &mut self.landing.unsaid;
        match unsaid.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = value,
            None => unsaid.push((key, value)),
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
        BridgeStatistics { device: self.decoder.counts(), ..self.landing.statistics.clone() }
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
        let Self { decoder, landing } = self;
        landing.statistics.bytes += bytes.len() as u64;
        decoder.feed(bytes, |heard| landing.hear(heard, pace));
    }

    pub(super) fn end(&mut self, pace: Pace) {
        let Self { decoder, landing } = self;
        decoder.finish(|heard| landing.hear(heard, pace));
    }

    /// As [`Bridge::end`], in the middle of a line: what has come of a frame is of what is not read.
    pub(super) fn break_off(&mut self, pace: Pace) {
        let Self { decoder, landing } = self;
        decoder.break_off(|heard| landing.hear(heard, pace));
    }
}

impl std::fmt::Debug for Bridge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bridge").field("statistics", &self.statistics()).finish_non_exhaustive()
    }
}
