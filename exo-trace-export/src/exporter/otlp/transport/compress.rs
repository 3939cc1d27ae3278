//! Bodies made shorter for HTTP; gRPC does it in its own framing.

use super::zstd;
use crate::config::Compression;
use bytes::Bytes;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// How much of a body remains, guessed low: spans repeat themselves.
const SHORTER_BY: usize = 4;

/// Compresses a body.
///
/// gzip at its fastest: spans repeat their keys within a few hundred bytes, so that the slower
/// levels find little more.
pub(super) fn compress(compression: Compression, body: Bytes) -> io::Result<Bytes> {
    match compression {
        Compression::None => Ok(body),
        Compression::Gzip => {
            let room = Vec::with_capacity(body.len() / SHORTER_BY);
            let mut encoder = GzEncoder::new(room, flate2::Compression::fast());
            encoder.write_all(&body)?;
            encoder.finish().map(Bytes::from)
        }
        Compression::Zstd => zstd::compress(&body).map(Bytes::from),
    }
}
