//! What an application wants carried along: the W3C `baggage` header.

mod grammar;
mod header;
mod refused;
mod set;

pub use header::Decoding;
pub use refused::BaggageError;
pub use set::{BAGGAGE_BYTES_MAX, BAGGAGE_MEMBER_BYTES_MAX, BAGGAGE_MEMBERS_MAX, Baggage};
