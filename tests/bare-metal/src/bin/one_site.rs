//! The same steps, each a span with two attributes: what a recorder, its ring and one call site add.
#![no_std]
#![no_main]

use bare_metal::sensor::{self, Timer};
use core::hint::black_box;
use cortex_m_rt::entry;
use exo_trace_core::compact::{Recorder, Ring, Site, Sites, site};
use panic_halt as _;

static RING: Ring<256, 0> = Ring::new();
static READ: Site = site!("sensor.read", Internal, ["exo.agent.step", "value"]);
static SITES: &[&[Site]] = &[&[READ]];

#[entry]
fn main() -> ! {
    Sites::new(SITES);
    // Whoever sends the records counts half laps, and reads the ring: none of it may be known beforehand.
    black_box((&sensor::HALF_LAPS, &RING));
    let recorder = Recorder::new(&RING, Timer);
    let mut step = 0_u32;
    loop {
        step = step.wrapping_add(1);
        let mut span = recorder.start(&READ);
        let value = sensor::read();
        span.set(0, step);
        span.set(1, value);
        sensor::work(step, value);
    }
}
