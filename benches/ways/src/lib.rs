//! Each piece of work that a bench measures, written once, so that every bench asks about the same.
//!
//! `cargo bench` asks one question per file; `benches/compare` asks them all in turn, beside the
//! rivals.

pub mod bursts;
pub mod floor;
pub mod spans;
