//! Spans in files: OTLP JSON, one request a line, as collectors and scripts read it.

mod exporter;
mod rotation;
#[cfg(test)]
mod stories;
mod writing;

pub use exporter::FileExporter;
