//! How many columns the terminals have that a program prints on.

use std::io;
use terminal_size::{Width, terminal_size_of};

/// Returns how wide standard output is; `None` where it is no terminal.
pub(super) fn of_stdout() -> Option<usize> {
    terminal_size_of(io::stdout()).map(|(Width(columns), _)| columns.into())
}

/// Returns how wide standard error is; `None` where it is no terminal.
pub(super) fn of_stderr() -> Option<usize> {
    terminal_size_of(io::stderr()).map(|(Width(columns), _)| columns.into())
}
