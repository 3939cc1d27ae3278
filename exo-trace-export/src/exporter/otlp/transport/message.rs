//! One gRPC message out and one in, each as the bytes it is: five bytes say its length and whether it
//! is compressed.
//!
//! A request is written here and not by tonic, which would copy it once more on its way; what comes
//! back is short, and tonic's to read.
//!
//! Source: gRPC over HTTP/2, "Length-Prefixed-Message".

use super::compress::compress;
use crate::config::Compression;
use bytes::buf::Chain;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::Response;
use http_body_util::Full;
use hyper::body::Body;
use std::error::Error;
use tonic::codec::{DecodeBuf, Decoder};
use tonic::{Code, Status, Streaming};

const PREFIX_BYTES: usize = 5;

/// How long the message of a response may say that it is.
const READ_BYTES_MAX: usize = 64 << 10;

/// A message with its prefix before it.
pub(super) type Message = Full<Chain<Bytes, Bytes>>;

/// Returns the bytes as a message, and the body of it, which is compressed where that is wanted.
pub(super) fn written(bytes: Bytes, compression: Compression) -> Result<(Message, Bytes), Status> {
    let is_compressed = compression != Compression::None;
    let bytes = compress(compression, bytes)?;
    let length = u32::try_from(bytes.len())
        .map_err(|_| Status::new(Code::ResourceExhausted, "a message is at most 4 GiB long"))?;
    let mut prefix = BytesMut::with_capacity(PREFIX_BYTES);
    prefix.put_u8(is_compressed.into());
    prefix.put_u32(length);
    Ok((Full::new(prefix.freeze().chain(bytes.clone())), bytes))
}

/// Returns the message of a response, or the status that came in its place.
pub(super) async fn read<B>(response: Response<B>) -> Result<Bytes, Status>
where
    B: Body + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let (parts, body) = response.into_parts();
    let mut messages = match Status::from_header_map(&parts.headers) {
        Some(status) if status.code() != Code::Ok => return Err(status),
        Some(_) => Streaming::new_empty(AsBytes, body),
        None => Streaming::new_response(AsBytes, body, parts.status, None, Some(READ_BYTES_MAX)),
    };
    let message = messages.message().await?;
    // The status follows the message.
    messages.trailers().await?;
    message.ok_or_else(|| Status::internal("the response has no message"))
}

/// Passes messages through.
struct AsBytes;

impl Decoder for AsBytes {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}
