//! Prints spans for people: a waterfall tree for each trace, or one line for each span.

mod exporter;
mod output;
mod render;
mod row_of;
#[cfg(test)]
mod stories;
mod tokens;
#[cfg(any(unix, windows))]
mod width;
#[cfg(not(any(unix, windows)))]
#[path = "no_width.rs"]
mod width;

pub(crate) use exporter::ConsoleExporter;
pub use output::Console;
