//! An agent's steps on a microcontroller: what its main loop and its timer's interrupt do, as spans.
#![no_std]
#![no_main]

use bare_metal::board::Serial;
use bare_metal::clock;
use cortex_m::Peripherals;
use cortex_m_rt::{entry, exception};
use cortex_m_semihosting::debug;
use panic_halt as _;

#[exception]
fn SysTick() {
    clock::lap();
}

#[entry]
fn main() -> ! {
    if let (Some(core), Some(mut serial)) = (Peripherals::take(), Serial::take()) {
        clock::start(core.SYST);
        while clock::ticks() < 100_000 {}
        serial.send(b"four laps\n");
        debug::exit(debug::EXIT_SUCCESS);
    }
    loop {}
}
