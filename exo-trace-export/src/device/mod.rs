//! Boards: their stream of frames, read into spans and facts that a host understands.
//!
//! A board writes with [`exo_trace_core::stream`]; `STREAM.md` in that crate says what every byte is.

mod boots;
mod bytes;
mod counts;
mod decoder;
mod frames;
mod identity;
mod life;
mod message;
mod origins;
mod record;
mod sequence;
mod waiting;

pub use counts::{DeviceCounts, RingCounts};
pub use decoder::Decoder;
pub use record::{DeviceAnchor, DeviceBoot, DeviceRecord, DeviceSite, DeviceSpan, Heard};
