//! What to leave out of a span so that it fits: events from the last, then links, then attributes
//! from the longest.

use super::span::{LeftOut, OtlpEvent, OtlpLink, Span};
use super::value::{KeyValue, is_said};
use crate::SpanData;
use serde::Serialize;
use std::cmp::Reverse;
use std::io;

/// What the three counts of what was dropped may take at most.
const COUNTS_BYTES_MAX: usize =
    r#","droppedAttributesCount":4294967295,"droppedEventsCount":4294967295,"droppedLinksCount":4294967295"#.len();

impl LeftOut {
    /// Returns what to leave out for `data` to fit into `room` bytes; `None` when everything that can be
    /// left out is not enough.
    pub(super) fn to_fit(data: &SpanData<'_>, room: usize) -> Option<Self> {
        let mut left_out = Self::default();
        let whole = length(&Span::whole(data));
        if whole <= room {
            return Some(left_out);
        }
        let mut over = whole + COUNTS_BYTES_MAX - room;
        let events: Vec<_> = data.events().collect();
        left_out.events = leave_out(&mut over, events.iter().rev().map(OtlpEvent));
        let links: Vec<_> = data.links().collect();
        left_out.links = leave_out(&mut over, links.iter().rev().map(OtlpLink));
        let attributes = data.attributes().enumerate();
        let mut attributes: Vec<_> = attributes.filter(|(_, said)| is_said(said)).collect();
        attributes.sort_by_cached_key(|&(_, (key, value))| Reverse(length(&KeyValue(key, value))));
        let longest = attributes.iter().map(|&(_, (key, value))| KeyValue(key, value));
        let gone = leave_out(&mut over, longest);
        left_out.attributes = attributes.iter().take(gone).map(|(place, _)| *place).collect();
        left_out.attributes.sort_unstable();
        (over == 0).then_some(left_out)
    }
}

/// Counts how many of `items`, from the first, must go until nothing is over.
fn leave_out(over: &mut usize, items: impl Iterator<Item: Serialize>) -> usize {
    let mut gone = 0;
    for item in items {
        if *over == 0 {
            break;
        }
        // With its comma.
        *over = over.saturating_sub(length(&item) + 1);
        gone += 1;
    }
    gone
}

fn length(what: &impl Serialize) -> usize {
    let mut length = Length(0);
    // Counting refuses nothing; see `append` in `request.rs`.
    let counted = serde_json::to_writer(&mut length, what);
    debug_assert!(counted.is_ok(), "{counted:?}");
    length.0
}

/// Counts bytes.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
