//! Says how many ticks spans with two attributes take, and as many steps without: the timer counts
//! instructions where the emulator's clock moves with each.
#![no_std]
#![no_main]

use bare_metal::sensor::{self, Timer};
use core::hint::black_box;
use cortex_m::Peripherals;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::entry;
use cortex_m_semihosting::{debug, heprintln};
use exo_trace_core::compact::{Clock32, Recorder, Ring, Site, Sites, site};
use panic_halt as _;

const SPANS: u32 = 24;

/// As many as fill half of the ring, and how often: eight laps of it.
const ROUND_SPANS: u32 = 16;
const ROUNDS: u32 = 16;

static RING: Ring<256, 0> = Ring::new();
static ROUND: Ring<256, 1> = Ring::new();
static READ: Site = site!("sensor.read", Internal, ["exo.agent.step", "value"]);
static SITES: &[&[Site]] = &[&[READ]];

#[entry]
fn main() -> ! {
    if let Some(core) = Peripherals::take() {
        let mut systick = core.SYST;
        systick.set_clock_source(SystClkSource::Core);
        systick.set_reload(0x00ff_ffff);
        systick.clear_current();
        systick.enable_counter();
        Sites::new(SITES);
        // As a stream counts half laps, and as there are other call sites.
        black_box(&sensor::HALF_LAPS).advance(Timer.ticks());
        let site = black_box(&READ);
        let recorder = Recorder::new(&RING, Timer);
        heprintln!("spans {}", SPANS);
        heprintln!("unrecorded {}", unrecorded::<SPANS>());
        heprintln!("recorded {}", recorded::<SPANS>(&recorder, site));
        heprintln!("round_spans {}", ROUND_SPANS * ROUNDS);
        heprintln!("round_unrecorded {}", unrecorded::<ROUND_SPANS>() * ROUNDS);
        heprintln!("round_recorded {}", round_recorded(site));
        heprintln!("recorder_bytes {}", size_of_val(&recorder));
        let found_room = RING.by_ref().recorded() + ROUND.by_ref().recorded();
        heprintln!("missing {}", SPANS + ROUND_SPANS * ROUNDS - found_room as u32);
        debug::exit(debug::EXIT_SUCCESS);
    }
    loop {}
}

#[inline(never)]
fn unrecorded<const STEPS: u32>() -> u32 {
    let before = Timer.ticks();
    for step in 0..STEPS {
        sensor::work(step, sensor::read());
    }
    Timer.ticks().wrapping_sub(before)
}

#[inline(never)]
fn recorded<const STEPS: u32>(recorder: &Recorder<'_, Timer>, site: &'static Site) -> u32 {
    let before = Timer.ticks();
    for step in 0..STEPS {
        let mut span = recorder.start(site);
        let value = sensor::read();
        span.set(0, step);
        span.set(1, value);
        sensor::work(step, value);
    }
    Timer.ticks().wrapping_sub(before)
}

/// As `recorded`, where the ring runs round and is read whenever it is half full, which is not counted.
fn round_recorded(site: &'static Site) -> u32 {
    let recorder = Recorder::new(&ROUND, Timer);
    let mut reader = ROUND.by_ref().reader();
    let round = |_| {
        let ticks = recorded::<ROUND_SPANS>(&recorder, site);
        reader.skip();
        ticks
    };
    (0..ROUNDS).map(round).sum()
}
