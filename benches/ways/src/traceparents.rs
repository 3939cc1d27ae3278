//! A trace context written as a `traceparent`, and read from one.
//!
//! The text is written into a fixed buffer, as a header map or a board would keep it; nothing is
//! allocated.

use exo_trace::SpanContext;
use std::hint::black_box;

/// A `traceparent` as another process sends it.
pub const TEXT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03";

/// Returns what [`TEXT`] says.
///
/// # Panics
///
/// Panics when it cannot be read.
pub fn context() -> SpanContext {
    SpanContext::from_traceparent(TEXT).unwrap_or_else(|error| panic!("{error}"))
}

/// Writes it into a buffer.
#[inline(always)]
pub fn inject(context: &SpanContext, buffer: &mut [u8; TEXT.len()]) {
    buffer.copy_from_slice(black_box(context).to_traceparent().as_bytes());
    black_box(buffer);
}

/// Makes a text of it.
#[inline(always)]
pub fn inject_as_text(context: &SpanContext) {
    black_box(black_box(context).to_traceparent().as_str());
}

/// Reads it.
#[inline(always)]
pub fn extract() {
    let _ = black_box(SpanContext::from_traceparent(black_box(TEXT)));
}

/// Makes a text of it and reads that.
#[inline(always)]
pub fn inject_then_extract(context: &SpanContext) {
    let sent = black_box(context).to_traceparent();
    let _ = black_box(SpanContext::from_traceparent(black_box(&sent).as_str()));
}
