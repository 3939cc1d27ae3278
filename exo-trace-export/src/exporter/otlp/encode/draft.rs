//! Spans put together one behind the other in a little room, and copied into their request in pieces.
//!
//! The room has a fixed size and is always there, so that a span is written without asking for memory
//! again and again; a piece is long enough that the copy costs next to nothing.

use super::mould::{CAST_BYTES, Cast};
use super::request::Sheets;

/// How many spans there is room for at least.
const DRAFT_BYTES: usize = 8 * CAST_BYTES;

/// Spans of one scope that are not in their request yet.
#[derive(Debug)]
pub(super) struct Draft {
    room: Box<[u8]>,
    filled: usize,
    sheet: usize,
    /// How many bytes the request may still take.
    bytes_max: usize,
}

impl Draft {
    pub(super) fn new() -> Self {
        Self { room: vec![0; DRAFT_BYTES].into(), filled: 0, sheet: 0, bytes_max: 0 }
    }

    /// Adds a span of a sheet that `cast` writes; `false` when it does not, or there is no room for it
    /// in the request.
    #[inline(always)]
    pub(super) fn add(
        &mut self,
        sheet: usize,
        sheets: &mut Sheets,
        request_bytes_max: usize,
        cast: impl FnOnce(&mut Cast) -> Option<usize>,
    ) -> bool {
        if sheet != self.sheet || self.filled == 0 || self.filled + CAST_BYTES > self.room.len() {
            self.flush(sheets);
            self.sheet = sheet;
            self.bytes_max = request_bytes_max.saturating_sub(sheets.len_with(sheet));
        }
        let room = self.room.get_mut(self.filled..).and_then(<[u8]>::first_chunk_mut);
        match room.and_then(cast) {
            Some(len) if self.filled + len <= self.bytes_max => {
                self.filled += len;
                true
            }
            _ => false,
        }
    }

    /// Puts all spans into their request.
    #[inline(never)]
    pub(super) fn flush(&mut self, sheets: &mut Sheets) {
        if self.filled > 0 {
            let (mark, bytes) = sheets.write(self.sheet);
            bytes.extend_from_slice(self.room.get(..self.filled).unwrap_or_default());
            sheets.written(mark);
            self.filled = 0;
        }
    }
}
