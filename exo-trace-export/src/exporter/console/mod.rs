//! Prints spans for people: a waterfall tree for each trace, or one line for each span.

mod exporter;
mod output;
mod render;
mod row_of;
#[cfg(test)]
mod stories;
mod tokens;

pub(crate) use exporter::ConsoleExporter;
pub use output::Console;
