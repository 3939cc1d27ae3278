//! Each piece of work that a bench measures, written once, so that every bench asks about the same.
//!
//! `cargo bench` asks one question per file; `benches/compare` asks them all in turn, beside the
//! rivals.

pub mod baggages;
pub mod bursts;
pub mod chats;
pub mod facts;
pub mod floor;
pub mod functions;
pub mod futures;
#[cfg(feature = "criterion")]
pub mod questions;
pub mod roots;
pub mod spans;
pub mod streams;
pub mod texts;
pub mod traceparents;
pub mod unclocked;
