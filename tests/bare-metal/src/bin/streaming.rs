//! The program with one call site, whose records become a stream: what sending adds to recording.
#![no_std]
#![no_main]

use bare_metal::sensor::{self, Timer};
use core::hint::black_box;
use cortex_m_rt::entry;
use exo_trace_core::compact::{Clock32, Recorder, Ring, Site, Sites, site};
use exo_trace_core::stream::{Board, Stream};
use panic_halt as _;

static RING: Ring<256, 0> = Ring::new();
static READ: Site = site!("sensor.read", Internal, ["exo.agent.step", "value"]);
static SITES: &[&[Site]] = &[&[READ]];

#[entry]
fn main() -> ! {
    let board = Board {
        seed: black_box(0x5eed),
        ticks_per_second: 16_000_000,
        resource: black_box(&[]),
        sites: Sites::new(SITES),
        half_laps: &sensor::HALF_LAPS,
    };
    let mut stream = Stream::new(board, [RING.by_ref()]);
    let recorder = Recorder::new(&RING, Timer);
    let mut step = 0_u32;
    loop {
        step = step.wrapping_add(1);
        let mut span = recorder.start(&READ);
        let value = sensor::read();
        span.set(0, step);
        span.set(1, value);
        sensor::work(step, value);
        drop(span);
        stream.poll(Timer.ticks());
        let mut piece = [0; 16];
        while stream.next_bytes(&mut piece) > 0 {
            black_box(&piece);
        }
    }
}
