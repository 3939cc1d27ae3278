//! The 32-bit profile: the same spans on a chip of a few kilobytes, in records of single words.
//!
//! Here are the words of its records and what they mean.

mod decode;
mod encode;
mod head;
mod local_id;
mod record;
mod value;

pub use decode::DecodeError;
pub use local_id::{LocalId, RECORDERS_MAX};
pub use record::{Record, Target};
pub use value::{VALUES_MAX, Value32, Values};
