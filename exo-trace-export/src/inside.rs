//! Marks the tracer's own threads: what they do is not traced, and they cannot wait for themselves.

use std::cell::Cell;

thread_local! {
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs the work of one of the tracer's threads, or what is done in the place of one.
pub(crate) fn run<R>(f: impl FnOnce() -> R) -> R {
    let _back = Back(IS_INSIDE.try_with(|inside| inside.replace(true)).unwrap_or(true));
    exo_trace_std::suppressed(f)
}

/// Puts back what was before, after a panic too.
struct Back(bool);

impl Drop for Back {
    fn drop(&mut self) {
        let _ = IS_INSIDE.try_with(|inside| inside.set(self.0));
    }
}

/// Tells whether the caller runs on one of the tracer's threads.
pub(crate) fn is_inside() -> bool {
    IS_INSIDE.try_with(Cell::get).unwrap_or(false)
}
