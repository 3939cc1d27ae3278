//! The width of terminals where there are none: WebAssembly prints to whatever its host has.

/// Returns nothing.
pub(super) fn of_stdout() -> Option<usize> {
    None
}

/// Returns nothing.
pub(super) fn of_stderr() -> Option<usize> {
    None
}
