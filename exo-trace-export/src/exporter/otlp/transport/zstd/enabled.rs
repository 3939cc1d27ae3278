//! zstd by its C library.

use crate::config::Compression;
use crate::exporter::ExportError;
use std::io;

/// The fastest of the ordinary levels.
const LEVEL: i32 = 1;

/// Refuses nothing.
pub(in super::super) fn check(_: Compression) -> Result<(), ExportError> {
    Ok(())
}

pub(in super::super) fn compress(body: &[u8]) -> io::Result<Vec<u8>> {
    zstd::bulk::compress(body, LEVEL)
}
