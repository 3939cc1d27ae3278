//! Ticks since the clock began: SysTick counts 24 bits down, its interrupt counts the laps.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;

/// Ticks of one lap, and between two interrupts.
pub const LAP: u32 = 25_000;

static LAPS: AtomicU32 = AtomicU32::new(0);

/// Starts the clock and its interrupt.
pub fn start(mut systick: SYST) {
    systick.set_clock_source(SystClkSource::Core);
    systick.set_reload(LAP - 1);
    systick.clear_current();
    systick.enable_counter();
    systick.enable_interrupt();
}

/// Counts a lap; the first thing that SysTick's handler does.
pub fn lap() {
    // Load and store: the handler is the only writer.
    LAPS.store(LAPS.load(Relaxed).wrapping_add(1), Relaxed);
}

/// Returns the ticks since the clock began, modulo 2^32.
pub fn ticks() -> u32 {
    loop {
        let laps = LAPS.load(Relaxed);
        let left = SYST::get_current();
        // An interrupt between the two loads makes them of two laps: look again.
        if LAPS.load(Relaxed) == laps {
            return laps.wrapping_mul(LAP).wrapping_add(LAP - 1 - left);
        }
    }
}
