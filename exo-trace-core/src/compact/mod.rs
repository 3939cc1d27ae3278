//! The 32-bit profile: the same spans on a chip of a few kilobytes, in records of single words.
//!
//! Here are the words of its records and what they mean.

mod clock;
mod current;
mod decode;
mod encode;
mod head;
mod local_id;
mod open_span;
mod record;
mod recorder;
mod ring;
mod site;
mod slot;
mod value;

pub use crate::__compact_site as site;
pub use clock::{Clock32, HalfLaps};
pub use decode::DecodeError;
pub use local_id::{LocalId, RECORDERS_MAX};
pub use open_span::OpenSpan;
pub use record::{Record, Target};
pub use recorder::Recorder;
pub use ring::{Ring, RingRef};
pub use site::{Site, SiteNumber, Sites};
pub use slot::Slot;
pub use value::{VALUES_MAX, Value32, Values};
