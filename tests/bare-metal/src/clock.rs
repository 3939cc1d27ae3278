//! The board's clock: SysTick counts 24 bits down, its interrupt counts the laps, together 32 bits up.
//!
//! It begins a fifth of a second before it wraps, so that every run shows what happens then.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m::peripheral::{SCB, SYST};
use exo_trace_core::compact::{Clock32, HalfLaps};

/// The ticks between two interrupts: one or two milliseconds.
pub const LAP: u32 = 25_000;

/// What the clock says first: a hundred laps before it wraps.
const BEGINNING: u32 = 0_u32.wrapping_sub(100 * LAP);

/// How often the 32 bits wrapped, in halves; the stream counts, recorders read.
pub static HALF_LAPS: HalfLaps = HalfLaps::new();

static LAPS: AtomicU32 = AtomicU32::new(0);

/// The clock, as recorders read it, from any priority that the timer's interrupt may interrupt, and its own.
#[derive(Clone, Copy)]
pub struct Clock;

impl Clock32 for Clock {
    fn ticks(&self) -> u32 {
        loop {
            let laps = LAPS.load(Relaxed);
            let left = SYST::get_current();
            // The counter may have begun a lap whose interrupt is still to come.
            let is_ahead = SCB::is_pendst_pending() && left > LAP / 2;
            // An interrupt between the loads makes them of two laps: look again.
            if LAPS.load(Relaxed) == laps {
                let laps = laps.wrapping_add(is_ahead.into());
                return BEGINNING.wrapping_add(laps.wrapping_mul(LAP)).wrapping_add(LAP - 1 - left);
            }
        }
    }

    fn half_laps(&self) -> u32 {
        HALF_LAPS.count()
    }
}

/// Starts the clock and its interrupt.
pub fn start(mut systick: SYST) {
    systick.set_clock_source(SystClkSource::Core);
    systick.set_reload(LAP - 1);
    systick.clear_current();
    systick.enable_counter();
    systick.enable_interrupt();
}

/// Counts a lap and returns how many there were; the first thing that the timer's interrupt does.
pub fn lap() -> u32 {
    // Load and store: the interrupt is the only one who writes.
    let laps = LAPS.load(Relaxed).wrapping_add(1);
    LAPS.store(laps, Relaxed);
    laps
}
