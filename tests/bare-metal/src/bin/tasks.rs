//! Two tasks on one chip: the executor of embassy, woken by a timer's interrupt.
#![no_std]
#![no_main]

use bare_metal::board::Serial;
use bare_metal::clock;
use cortex_m::Peripherals;
use cortex_m_rt::{entry, exception};
use cortex_m_semihosting::debug;
use embassy_executor::{Executor, task};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use panic_halt as _;

static LAP: Signal<CriticalSectionRawMutex, ()> = Signal::new();

#[exception]
fn SysTick() {
    clock::lap();
    LAP.signal(());
}

#[task]
async fn step(mut serial: Serial) {
    for _ in 0..5 {
        LAP.wait().await;
        serial.send(b"lap\n");
    }
    debug::exit(debug::EXIT_SUCCESS);
}

#[entry]
fn main() -> ! {
    // The runtime hands a handler's statics to it alone, so this is no shared state.
    static mut EXECUTOR: Option<Executor> = None;
    if let (Some(core), Some(serial)) = (Peripherals::take(), Serial::take()) {
        clock::start(core.SYST);
        EXECUTOR.insert(Executor::new()).run(|spawner| {
            if let Ok(step) = step(serial) {
                spawner.spawn(step);
            }
        });
    }
    loop {}
}
