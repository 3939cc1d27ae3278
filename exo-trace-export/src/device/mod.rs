//! Boards: their stream of frames, read into spans and facts that a host understands.
//!
//! A board writes with [`exo_trace_core::stream`]; `STREAM.md` in that crate says what every byte is.

mod board;
mod boots;
mod bridge;
mod bytes;
mod callsites;
mod counts;
mod decoder;
mod frames;
mod identity;
mod known;
mod landing;
mod life;
mod message;
mod origins;
mod reading;
mod record;
mod seeds;
mod sequence;
mod statistics;
mod waiting;

pub use bridge::Bridge;
pub use counts::{DeviceCounts, RingCounts};
pub use decoder::Decoder;
pub use reading::Reading;
pub use record::{DeviceAnchor, DeviceBoot, DeviceRecord, DeviceSite, DeviceSpan, Heard};
pub use statistics::BridgeStatistics;
