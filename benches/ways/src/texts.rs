//! Spans with a text that is copied, or made by formatting, into a record of its own.

use crate::floor::work;
use exo_trace::span_sync;

/// A span with a text; that of 64 bytes takes some twenty words, that of 512 bytes some eighty.
#[inline(always)]
pub fn text(step: usize, text: &str) {
    let _span = span_sync!("text", text = text);
    work(step);
}

/// A span with a number that is formatted.
#[inline(always)]
pub fn formatted(step: usize) {
    let _span = span_sync!("formatted", step = %step);
    work(step);
}
