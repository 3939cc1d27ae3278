//! The program that the sizes are measured against: a step that reads a clock and a sensor, unrecorded.
#![no_std]
#![no_main]

use bare_metal::sensor;
use core::hint::black_box;
use cortex_m_rt::entry;
use panic_halt as _;

#[entry]
fn main() -> ! {
    loop {
        black_box(sensor::ticks());
        sensor::work(sensor::read());
    }
}
