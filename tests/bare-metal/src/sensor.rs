//! What the measured programs do, recorded or not: opaque to the compiler, and next to nothing.

use core::hint::black_box;
use cortex_m::peripheral::SYST;
use exo_trace_core::compact::{Clock32, HalfLaps};

/// How often the timer has wrapped: whoever sends the records counts it.
pub static HALF_LAPS: HalfLaps = HalfLaps::new();

/// The board's timer, as recorders read it.
pub struct Timer;

impl Clock32 for Timer {
    #[inline(always)]
    fn ticks(&self) -> u32 {
        // It counts down.
        !SYST::get_current()
    }

    #[inline(always)]
    fn half_laps(&self) -> u32 {
        HALF_LAPS.count()
    }
}

/// Returns what a sensor says.
#[inline(always)]
pub fn read() -> i32 {
    black_box(21)
}

/// Does something with it.
#[inline(never)]
pub fn work(step: u32, value: i32) {
    black_box((step, value));
}
