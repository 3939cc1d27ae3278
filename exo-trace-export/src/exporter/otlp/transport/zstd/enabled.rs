//! zstd by its C library.

use crate::exporter::ExportError;
use std::io;
use tonic::codec::CompressionEncoding;

/// The fastest of the ordinary levels.
const LEVEL: i32 = 1;

pub(in super::super) fn encoding() -> Result<CompressionEncoding, ExportError> {
    Ok(CompressionEncoding::Zstd)
}

pub(in super::super) fn compress(body: &[u8]) -> io::Result<Vec<u8>> {
    zstd::bulk::compress(body, LEVEL)
}
