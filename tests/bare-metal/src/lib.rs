//! What a board brings to a recording program: a clock, and a line for what is recorded.
#![no_std]

pub mod clock;
pub mod line;
#[cfg(armv6m)]
pub mod microbit;
pub mod sensor;
#[cfg(armv7m)]
pub mod stellaris;

#[cfg(armv6m)]
pub use microbit as board;
#[cfg(armv7m)]
pub use stellaris as board;
