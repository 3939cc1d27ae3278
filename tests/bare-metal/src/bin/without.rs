//! The program that the sizes are measured against: steps that read a sensor, unrecorded.
#![no_std]
#![no_main]

use bare_metal::sensor;
use cortex_m_rt::entry;
use panic_halt as _;

#[entry]
fn main() -> ! {
    let mut step = 0_u32;
    loop {
        step = step.wrapping_add(1);
        sensor::work(step, sensor::read());
    }
}
