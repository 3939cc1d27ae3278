//! Frames of HTTP/2 by hand, right and wrong.
//!
//! Source: RFC 9113, §4.1 and §6; RFC 7541, appendix A.

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;
pub(crate) const UNHEARD_OF: u8 = 0xee;

pub(crate) const END_STREAM: u8 = 1;
pub(crate) const ACK: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a frame is short").to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// What a server opens with.
pub(crate) fn opening() -> Vec<u8> {
    [frame(SETTINGS, 0, 0, b""), frame(SETTINGS, ACK, 0, b"")].concat()
}

/// The opening, and the head of an answer to the first request.
pub(crate) fn head() -> Vec<u8> {
    // `:status: 200` and `content-type: application/grpc`.
    let fields = b"\x88\x0f\x10\x10application/grpc";
    [opening(), frame(HEADERS, END_HEADERS, 1, fields)].concat()
}

/// A field whose name and value are written out, neither longer than 126 bytes.
pub(crate) fn field(name: &str, value: &str) -> Vec<u8> {
    let length = |text: &str| u8::try_from(text.len()).expect("it is short");
    [&[0, length(name)][..], name.as_bytes(), &[length(value)], value.as_bytes()].concat()
}

/// The end of an answer, with this status.
pub(crate) fn trailers(status: &str, more: &[u8]) -> Vec<u8> {
    let fields = [&field("grpc-status", status), more].concat();
    frame(HEADERS, END_HEADERS | END_STREAM, 1, &fields)
}

/// A message of gRPC in one frame.
pub(crate) fn message(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a message is short").to_be_bytes();
    frame(DATA, 0, 1, &[&[0][..], &length, bytes].concat())
}
