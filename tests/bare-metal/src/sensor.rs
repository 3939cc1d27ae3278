//! What the measured programs do, recorded or not: opaque to the compiler, and next to nothing.

use core::hint::black_box;
use cortex_m::peripheral::SYST;

/// Returns what the timer says.
pub fn ticks() -> u32 {
    SYST::get_current()
}

/// Returns what a sensor says.
pub fn read() -> i32 {
    black_box(21)
}

/// Does something with it.
#[inline(never)]
pub fn work(value: i32) {
    black_box(value);
}
