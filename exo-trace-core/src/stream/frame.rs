//! One frame in a buffer of fixed size: a payload and its sum, without zeros between two zeros.
//!
//! The sum of every frame but a boot frame begins with the boot's seed. A frame of another boot thus
//! never passes for one of this, whatever was lost between them, and that costs not a byte.
//!
//! Sources: Cheshire and Baker, "Consistent Overhead Byte Stuffing"; CRC-32/ISO-HDLC.

use super::wire::{FRAME_BYTES_MAX, PAYLOAD_BYTES_MAX};
use cobs::CobsEncoder;
use crc::{CRC_32_ISO_HDLC, Crc, Digest, NoTable};

/// Eight steps a byte: a table would save most of them for a kilobyte of flash, and the line is
/// slower than either.
static SUM: Crc<u32, NoTable> = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);

/// Where the sum of a frame begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key(u32);

impl Key {
    /// The sum of a boot frame, which has to be understood by whoever knows nothing yet.
    pub(super) const BOOT: Self = Self(u32::MAX);

    /// Returns where the sums of a boot's other frames begin: behind its seed.
    pub(super) const fn of_seed(seed: u64) -> Self {
        // The register after the seed; `Digest` takes it with its bits the other way round.
        Self((SUM_OF_SEEDS.checksum(&seed.to_le_bytes()) ^ u32::MAX).reverse_bits())
    }
}

/// A constant cannot borrow a static.
const SUM_OF_SEEDS: Crc<u32, NoTable> = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);

/// The frame that is being handed out, whole.
#[derive(Debug)]
pub(super) struct Frame {
    bytes: [u8; FRAME_BYTES_MAX],
    filled: usize,
    given: usize,
}

impl Frame {
    /// Returns a frame of which nothing is left to give.
    pub(super) const fn empty() -> Self {
        Self { bytes: [0; FRAME_BYTES_MAX], filled: 0, given: 0 }
    }

    /// Tells whether all of it was given.
    pub(super) fn is_given(&self) -> bool {
        self.given >= self.filled
    }

    /// Returns how many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.filled
    }

    /// Fills it with the payload that `write` writes.
    pub(super) fn seal(&mut self, key: Key, write: impl FnOnce(&mut Payload<'_>)) {
        (self.filled, self.given) = (0, 0);
        // The first byte is the delimiter, and stays zero.
        let Some((_, after)) = self.bytes.split_first_mut() else { return };
        let mut payload = Payload {
            encoder: CobsEncoder::new(after),
            sum: SUM.digest_with_initial(key.0),
            left: PAYLOAD_BYTES_MAX,
        };
        write(&mut payload);
        let encoded = payload.finish();
        if let Some(last) = self.bytes.get_mut(1 + encoded) {
            *last = 0;
            self.filled = encoded + 2;
        }
    }

    /// Moves what fits of what is left into `room` and returns how many bytes that are.
    pub(super) fn give(&mut self, room: &mut [u8]) -> usize {
        let left = self.bytes.get(self.given..self.filled).unwrap_or_default();
        let mut moved = 0;
        for (to, byte) in room.iter_mut().zip(left) {
            *to = *byte;
            moved += 1;
        }
        self.given += moved;
        moved
    }
}

/// The bytes between the delimiters, as they are written.
pub(super) struct Payload<'b> {
    encoder: CobsEncoder<'b>,
    sum: Digest<'static, u32, NoTable>,
    left: usize,
}

impl Payload<'_> {
    /// Returns how many bytes still fit.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Appends bytes; what does not fit is left out.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        let bytes = bytes.get(..self.left).unwrap_or(bytes);
        self.left -= bytes.len();
        self.sum.update(bytes);
        self.stuff(bytes);
    }

    /// Appends one byte.
    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes(&[byte]);
    }

    /// Appends a number, seven bits a byte, the lowest first.
    pub(super) fn varint(&mut self, mut number: u32) {
        while number > 0x7f {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    /// Appends a text, its length before it; what does not fit is cut off.
    pub(super) fn text(&mut self, text: &str) {
        // The length takes two bytes at the most.
        let end = text.floor_char_boundary(self.left.saturating_sub(2));
        let text = text.get(..end).unwrap_or_default();
        self.varint(text.len() as u32);
        self.bytes(text.as_bytes());
    }

    fn stuff(&mut self, bytes: &[u8]) {
        // The buffer holds the longest frame, so this is never refused.
        let room = self.encoder.push(bytes);
        debug_assert!(room.is_ok(), "the buffer holds the longest frame");
    }

    fn finish(mut self) -> usize {
        let sum = self.sum.clone().finalize();
        self.stuff(&sum.to_le_bytes());
        self.encoder.finalize()
    }
}
