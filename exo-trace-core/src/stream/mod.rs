//! The device stream: a board's records as frames, for a serial line or whatever else takes bytes.

mod board;
mod contexts;
mod frame;
mod held;
mod lane;
mod line;
mod payload;
mod wire;

pub use board::Board;
pub use line::Stream;

pub use wire::{
    COUNT_AT, FRAME_BYTES_MAX, HAS_TAGS, IS_CUT, Kind, PAYLOAD_BYTES_MAX, RINGS_MAX, SEQUENCE_BITS,
    SPAN_HAS_MORE, SPAN_IS_REMOTE, SUM_BYTES, TICKS_BITS, VERSION, WHOLE_CONTEXT,
};
