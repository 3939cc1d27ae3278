//! Spans that begin a trace: with nothing current, and in a context that is set and restored.

use crate::floor::work;
use exo_trace::{Context, span_sync};

/// A root span with a new trace, where no span is current.
#[inline(always)]
pub fn new_trace(step: usize) {
    let _span = span_sync!("root");
    work(step);
}

/// A root span with a new trace, in a context of its own: whatever is current is so again afterwards.
#[inline(always)]
pub fn in_context(step: usize) {
    let _attached = Context::empty().attach();
    let _span = span_sync!("root");
    work(step);
}

/// The context alone, set and restored.
#[inline(always)]
pub fn context_alone(step: usize) {
    let _attached = Context::empty().attach();
    work(step);
}
