//! Marks the tracer's own threads: what they do is not traced, and they cannot wait for themselves.

use std::cell::Cell;

thread_local! {
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs the body of one of the tracer's threads.
pub(crate) fn run<R>(f: impl FnOnce() -> R) -> R {
    let _ = IS_INSIDE.try_with(|inside| inside.set(true));
    exo_trace_std::suppressed(f)
}

/// Tells whether the caller runs on one of the tracer's threads.
pub(crate) fn is_inside() -> bool {
    IS_INSIDE.try_with(Cell::get).unwrap_or(false)
}
