//! Bytes of a line, cut anywhere, into frames: whatever lies between two zeros.
//!
//! Nothing is trusted. A byte that was damaged, lost or made up costs the frame it hit, and at the
//! next zero all is well again. Whether a frame is whole is for its sum to say.

use exo_trace_core::stream::{PAYLOAD_BYTES_MAX, SUM_BYTES};

/// How many stuffed bytes lie between two delimiters at most.
const STUFFED_BYTES_MAX: usize = 1 + PAYLOAD_BYTES_MAX + SUM_BYTES;

/// What lay between two delimiters.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'f> {
    /// A payload and its sum, not yet checked.
    Sealed(&'f [u8]),
    /// No frame: too long, too short or badly stuffed.
    Torn,
}

/// The frame that is arriving.
#[derive(Debug, Default)]
pub(super) struct Frames {
    stuffed: Vec<u8>,
    is_whole: bool,
    is_too_long: bool,
}

impl Frames {
    /// Takes bytes up to the end of the next frame; `None` when all of them are part of it.
    pub(super) fn next(&mut self, bytes: &mut &[u8]) -> Option<Found<'_>> {
        self.forget_the_last();
        loop {
            let Some(zero) = bytes.iter().position(|byte| *byte == 0) else {
                self.take(bytes);
                *bytes = &[];
                return None;
            };
            let (before, after) = bytes.split_at(zero);
            self.take(before);
            *bytes = after.get(1..).unwrap_or_default();
            // Nothing between two zeros: one ended a frame, the other begins the next.
            if self.is_too_long || !self.stuffed.is_empty() {
                return Some(self.found());
            }
        }
    }

    /// Gives up what has come of a frame that will not end; tells whether that was anything.
    pub(super) fn end(&mut self) -> bool {
        self.forget_the_last();
        let is_cut = self.is_too_long || !self.stuffed.is_empty();
        self.is_whole = true;
        is_cut
    }

    fn forget_the_last(&mut self) {
        if self.is_whole {
            self.stuffed.clear();
            (self.is_whole, self.is_too_long) = (false, false);
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        if self.stuffed.len() + bytes.len() > STUFFED_BYTES_MAX {
            self.is_too_long = true;
            self.stuffed.clear();
        } else if !self.is_too_long {
            self.stuffed.extend_from_slice(bytes);
        }
    }

    fn found(&mut self) -> Found<'_> {
        self.is_whole = true;
        match cobs::decode_in_place(&mut self.stuffed) {
            Ok(decoded) if !self.is_too_long && decoded > SUM_BYTES => {
                Found::Sealed(self.stuffed.get(..decoded).unwrap_or_default())
            }
            _ => Found::Torn,
        }
    }
}

/// Returns the payload of a frame whose sum is right; `seed` is that of its boot, `None` for the
/// frame that says it.
pub(super) fn opened(sealed: &[u8], seed: Option<u64>) -> Option<&[u8]> {
    let (payload, sum) = sealed.split_last_chunk::<SUM_BYTES>()?;
    let before = seed.map_or(0, |seed| crc32fast::hash(&seed.to_le_bytes()));
    let mut hasher = crc32fast::Hasher::new_with_initial(before);
    hasher.update(payload);
    (hasher.finalize() == u32::from_le_bytes(*sum)).then_some(payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every frame found in `bytes`, which arrive `piece` bytes at a time.
    fn found_in(bytes: &[u8], piece: usize) -> Vec<Option<Vec<u8>>> {
        let mut frames = Frames::default();
        let mut found = Vec::new();
        for mut bytes in bytes.chunks(piece) {
            while let Some(frame) = frames.next(&mut bytes) {
                found.push(match frame {
                    Found::Sealed(sealed) => Some(sealed.to_vec()),
                    Found::Torn => None,
                });
            }
        }
        found
    }

    fn framed(sealed: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; sealed.len() + 3];
        let filled = cobs::encode_including_sentinels(sealed, &mut bytes);
        bytes.truncate(filled);
        bytes
    }

    #[test]
    fn frames_come_out_however_the_line_cuts_them() {
        let sealed = [vec![1, 0, 2, 3, 4], vec![0; 9], vec![7; 253]];
        let bytes: Vec<u8> = sealed.iter().flat_map(|sealed| framed(sealed)).collect();
        for piece in [1, 2, 3, 7, 64, bytes.len()] {
            let found: Vec<_> = found_in(&bytes, piece).into_iter().flatten().collect();
            assert_eq!(found, sealed, "in pieces of {piece}");
        }
    }

    #[test]
    fn noise_without_an_end_costs_one_frame_and_no_memory() {
        let mut frames = Frames::default();
        for _ in 0..10_000 {
            assert_eq!(frames.next(&mut [5; 100].as_slice()), None);
        }
        assert!(frames.stuffed.capacity() < 2 * STUFFED_BYTES_MAX);
        assert_eq!(frames.next(&mut [0].as_slice()), Some(Found::Torn));
        let after = framed(&[1, 2, 3, 4, 5]);
        assert_eq!(frames.next(&mut after.as_slice()), Some(Found::Sealed(&[1, 2, 3, 4, 5])));
    }

    #[test]
    fn a_frame_of_another_boot_does_not_open() {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&7_u64.to_le_bytes());
        hasher.update(b"a span");
        let mut sealed = b"a span".to_vec();
        sealed.extend(hasher.finalize().to_le_bytes());
        assert_eq!(opened(&sealed, Some(7)), Some(b"a span".as_slice()));
        assert_eq!(opened(&sealed, Some(8)), None);
        assert_eq!(opened(&sealed, None), None);
    }
}
