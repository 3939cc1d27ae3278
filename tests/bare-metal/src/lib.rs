//! What a board brings to a recording program: a clock and a serial line.
#![no_std]

pub mod clock;
#[cfg(armv6m)]
pub mod microbit;
pub mod sensor;
#[cfg(armv7m)]
pub mod stellaris;

#[cfg(armv6m)]
pub use microbit as board;
#[cfg(armv7m)]
pub use stellaris as board;
