//! Each piece of work that a bench measures, written once, so that every bench asks about the same.
//!
//! `cargo bench` asks one question per file; `benches/compare` asks them all in turn, beside the
//! rivals.

pub mod baggages;
pub mod bursts;
pub mod chats;
pub mod drain;
pub mod facts;
pub mod floor;
pub mod functions;
pub mod futures;
pub mod idle_wakeups;
pub mod memory_per_thread;
pub mod processors;
#[cfg(feature = "criterion")]
pub mod questions;
pub mod ring_hand_off;
pub mod roots;
pub mod spans;
pub mod spread;
pub mod streams;
pub mod sustained;
pub mod tail;
pub mod texts;
pub mod threads;
pub mod traceparents;
pub mod unclocked;
