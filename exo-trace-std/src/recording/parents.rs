//! Below which span a new one begins, and whether one may.
//!
//! Below a recorded span any may. Below one that is not recorded only measured ones are, and below the
//! tracer's own work none.

use super::pen;
use exo_trace_core::{Current, OpenSpan, SpanId};

/// Returns a parent that the thread was told of, having seen to a ring and to ids of its own: nothing
/// may have been recorded on it yet. Without a ring, what is lost is counted.
#[inline(never)]
pub(super) fn told(parent: Current) -> Current {
    if parent.is_recording() {
        pen::with(pen::Pen::is_ready);
    }
    parent
}

/// Tells whether spans are switched off here.
#[cold]
#[inline(never)]
pub(super) fn is_suppressed() -> bool {
    pen::with(pen::Pen::current).is_some_and(|current| current.is_suppressed())
}

/// Returns a span that is not recorded and has the ids of `current`, or none and lets nothing begin
/// inside it. There is nothing to enter.
#[cold]
#[inline(never)]
pub(super) fn passing_on<const WORDS: usize>(current: Current) -> Option<OpenSpan<WORDS>> {
    if current.is_suppressed() {
        return Some(OpenSpan::suppressed());
    }
    let context = current.span_context().filter(|_| !current.is_recording())?;
    Some(OpenSpan::begin(None, current, context.span_id, 0))
}

/// Returns the parent of a plain span that begins below `parent`, and the id it has to have where it
/// stands before a measured one; `None` where it may only pass on what `parent` is.
#[inline(always)]
pub(super) fn plain_parent(parent: Current) -> Option<(Current, Option<SpanId>)> {
    if parent.is_recording() {
        return Some((parent, None));
    }
    // Where there is no current span; below an unsampled or suppressed one no trace begins.
    if parent.is_none() {
        return Some((root()?, None));
    }
    Some((parent, Some(hidden_by(parent)?)))
}

/// Begins a trace. Nothing is handed to it: what it needs to know of the current span it asks for, so
/// that the common way keeps that in registers.
#[inline(never)]
fn root() -> Option<Current> {
    pen::with(pen::Pen::root).flatten()
}

/// Returns the id of the measured span that a plain one of an unsampled trace stands before: inside
/// the plain one `Span::current()` may not speak of the other.
#[inline(always)]
fn hidden_by(current: Current) -> Option<SpanId> {
    if current.is_recorded() { current.span_id() } else { None }
}

/// Returns the parent of a measured span that begins here; `None` where it may not.
#[inline(always)]
pub(super) fn measured_parent() -> Option<Current> {
    let current = pen::with(pen::Pen::current)?;
    if current.is_recording() { Some(current) } else { measured_below(current) }
}

/// Returns the parent of a measured span where plain ones are not recorded: below a span of an
/// unsampled trace that one, below nothing a new trace. Below a suppressed one there is none.
#[inline(never)]
pub(super) fn measured_below(current: Current) -> Option<Current> {
    if current.is_none() {
        return root();
    }
    if current.is_suppressed() {
        return None;
    }
    // Nothing may have been recorded on this thread yet. Without a ring, what is lost is counted.
    pen::with(pen::Pen::is_ready);
    Some(current)
}
