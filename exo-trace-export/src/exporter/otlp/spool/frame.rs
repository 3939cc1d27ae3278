//! One request on disk: a header that vouches for itself and for the bytes that follow it.
//!
//! | bytes | what, least significant byte first |
//! |---|---|
//! | 4 | `EXO1`, the format and its version |
//! | 4 | form: 1 protobuf, 2 JSON |
//! | 4 | length of the request |
//! | 4 | CRC-32 of the request |
//! | 8 | spans of the request |
//! | 8 | spans of all frames before it in the segment |
//! | 4 | CRC-32 of the frame's offset in the segment and of the fields above |
//! | 4 | mark: `SENT` when the request has left, zero before |
//!
//! The offset is part of the sum: the bytes of a header somewhere else, in a prompt perhaps, are none.
//! Nothing sums up the mark, which changes in place; whatever is not `SENT` is not sent.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// How many bytes one request may have: four times what collectors take by default.
pub(crate) const REQUEST_BYTES_MAX: usize = 16 << 20;

pub(super) const HEADER_BYTES: usize = 40;
const SUMMED_BYTES: usize = 32;
const MARK_AT: u64 = 36;
const FORMAT: [u8; 4] = *b"EXO1";
const SENT: [u8; 4] = *b"SENT";

/// How many bytes are searched at a time for the frame after a damaged one.
const SEARCH_BYTES: u64 = 64 << 10;

const _: () = assert!(REQUEST_BYTES_MAX as u64 <= u32::MAX as u64);
const _: () = assert!(SEARCH_BYTES > HEADER_BYTES as u64);

/// How a request is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Protobuf,
    Json,
}

impl Form {
    fn number(self) -> u32 {
        match self {
            Self::Protobuf => 1,
            Self::Json => 2,
        }
    }

    fn of_number(number: u32) -> Option<Self> {
        [Self::Protobuf, Self::Json].into_iter().find(|form| form.number() == number)
    }
}

/// What a header says, and where in its segment it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) at: u64,
    pub(super) form: Form,
    pub(super) request_bytes: u32,
    pub(super) request_sum: u32,
    pub(super) spans: u64,
    pub(super) spans_before: u64,
    pub(super) is_sent: bool,
}

impl Frame {
    /// Returns where the frame after it begins.
    pub(super) fn end(&self) -> u64 {
        self.at + HEADER_BYTES as u64 + u64::from(self.request_bytes)
    }

    /// Returns the spans of its segment up to its end.
    pub(super) fn spans_through(&self) -> u64 {
        self.spans_before.saturating_add(self.spans)
    }

    pub(super) fn header(&self) -> Vec<u8> {
        let mut header = Vec::with_capacity(HEADER_BYTES);
        header.extend(FORMAT);
        header.extend(self.form.number().to_le_bytes());
        header.extend(self.request_bytes.to_le_bytes());
        header.extend(self.request_sum.to_le_bytes());
        header.extend(self.spans.to_le_bytes());
        header.extend(self.spans_before.to_le_bytes());
        header.extend(header_sum(self.at, &header).to_le_bytes());
        header.extend(if self.is_sent { SENT } else { [0; 4] });
        header
    }

    /// Reads the header at the front of `bytes`, which stand at `at` in their segment.
    fn read(bytes: &[u8], at: u64) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&FORMAT)?;
        let number = u32::from_le_bytes(take(&mut rest)?);
        let request_bytes = u32::from_le_bytes(take(&mut rest)?);
        let request_sum = u32::from_le_bytes(take(&mut rest)?);
        let spans = u64::from_le_bytes(take(&mut rest)?);
        let spans_before = u64::from_le_bytes(take(&mut rest)?);
        let sum = u32::from_le_bytes(take(&mut rest)?);
        let is_sent = take(&mut rest)? == SENT;
        let is_whole = sum == header_sum(at, bytes.get(..SUMMED_BYTES)?)
            && request_bytes as usize <= REQUEST_BYTES_MAX;
        let form = Form::of_number(number).filter(|_| is_whole)?;
        Some(Self { at, form, request_bytes, request_sum, spans, spans_before, is_sent })
    }

    /// Finds the first whole header in `file` at `from` or after it, and before `end`.
    pub(super) fn find(file: &File, from: u64, end: u64) -> io::Result<Option<Self>> {
        // Where nothing is damaged, the header stands right here.
        let header = read_at(file, from, HEADER_BYTES as u64)?;
        if let Some(frame) = Self::read(&header, from) {
            return Ok(Some(frame));
        }
        let mut at = from + 1;
        while at < end {
            let bytes = read_at(file, at, SEARCH_BYTES.min(end - at))?;
            let places = bytes.windows(HEADER_BYTES).zip(at..);
            if let Some(frame) = places.into_iter().find_map(|(bytes, at)| Self::read(bytes, at)) {
                return Ok(Some(frame));
            }
            // A header may begin in the last bytes of these.
            let Some(searched) = (bytes.len() + 1).checked_sub(HEADER_BYTES) else { break };
            at += searched.max(1) as u64;
        }
        Ok(None)
    }

    /// Reads the request; `None` when its bytes are not those that were written.
    pub(super) fn request(&self, file: &File) -> io::Result<Option<Vec<u8>>> {
        let begin = self.at + HEADER_BYTES as u64;
        let request = read_at(file, begin, u64::from(self.request_bytes))?;
        let is_whole = request.len() == self.request_bytes as usize
            && crc32fast::hash(&request) == self.request_sum;
        Ok(is_whole.then_some(request))
    }

    /// Marks it in place as sent.
    pub(super) fn mark_sent(&self, mut file: &File) -> io::Result<()> {
        file.seek(SeekFrom::Start(self.at + MARK_AT))?;
        file.write_all(&SENT)
    }
}

fn header_sum(at: u64, summed: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&at.to_le_bytes());
    sum.update(summed);
    sum.finalize()
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (word, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*word)
}

/// Reads up to `length` bytes, fewer where the file ends.
fn read_at(mut file: &File, at: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    // Lengths are those of a header, a search and a request, all bounded.
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(at: u64) -> Frame {
        let (form, request_bytes, request_sum) = (Form::Json, 7, 0xDEAD_BEEF);
        Frame { at, form, request_bytes, request_sum, spans: 3, spans_before: 4, is_sent: false }
    }

    #[test]
    fn a_header_reads_as_it_was_written() {
        for frame in [frame(0), Frame { form: Form::Protobuf, is_sent: true, ..frame(1 << 40) }] {
            let header = frame.header();
            assert_eq!(header.len(), HEADER_BYTES);
            assert_eq!(Frame::read(&header, frame.at), Some(frame));
        }
    }

    #[test]
    fn a_header_with_any_bit_flipped_or_out_of_its_place_is_none() {
        let header = frame(80).header();
        assert_eq!(Frame::read(&header, 81), None);
        for bit in 0..8 * MARK_AT as usize {
            let mut flipped = header.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Frame::read(&flipped, 80), None, "bit {bit}");
        }
    }

    #[test]
    fn a_flipped_mark_is_not_the_mark_of_a_request_that_left() {
        let mut header = frame(0).header();
        for bit in 8 * MARK_AT as usize..8 * HEADER_BYTES {
            header[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Frame::read(&header, 0), Some(frame(0)), "bit {bit}");
            header[bit / 8] ^= 1 << (bit % 8);
        }
    }

    #[test]
    fn a_length_past_the_bound_is_refused_before_anything_is_allocated() {
        let long = Frame { request_bytes: REQUEST_BYTES_MAX as u32 + 1, ..frame(0) };
        assert_eq!(Frame::read(&long.header(), 0), None);
    }
}
