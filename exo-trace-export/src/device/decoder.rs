//! A board's stream, decoded: bytes in, cut anywhere; spans, facts and counts out.

use super::boots::Boots;
use super::counts::DeviceCounts;
use super::frames::{Found, Frames};
use super::record::Heard;

/// Reads the device stream of one board.
///
/// Whatever arrives, it goes on: a damaged frame is counted and the next one is read. What a record
/// needs and has not come yet (the boot, the name of its call site, the origin of its trace, the
/// clock) is waited for, within bounds; what is given up is counted.
///
/// ```
/// use exo_trace_export::device::Decoder;
///
/// let mut decoder = Decoder::new();
/// decoder.feed(b"\0no frame\0", |heard| panic!("nobody sent {heard:?}"));
/// assert_eq!(decoder.counts().damaged, 1);
/// ```
#[derive(Debug, Default)]
pub struct Decoder {
    frames: Frames,
    boots: Boots,
}

impl Decoder {
    /// Returns a decoder that has heard nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the bytes that came next and hands on what they say.
    pub fn feed(&mut self, mut bytes: &[u8], mut take: impl FnMut(Heard)) {
        while let Some(found) = self.frames.next(&mut bytes) {
            match found {
                Found::Sealed(sealed) => self.boots.sealed(sealed, &mut take),
                Found::Torn => self.boots.torn(),
            }
        }
    }

    /// Hands on what can be understood of the records that still wait, because nothing more will come.
    pub fn finish(&mut self, mut take: impl FnMut(Heard)) {
        if self.frames.end() {
            self.boots.torn();
        }
        self.break_off(&mut take);
    }

    /// As [`Decoder::finish`], and says nothing of a frame of which not all has come.
    pub(super) fn break_off(&mut self, mut take: impl FnMut(Heard)) {
        self.boots.end(&mut take);
    }

    /// Returns how the stream fared so far.
    pub fn counts(&self) -> DeviceCounts {
        self.boots.counts()
    }
}
