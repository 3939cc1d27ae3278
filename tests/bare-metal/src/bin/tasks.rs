//! Tasks that take turns on one chip, each inside its own spans: embassy's executor, woken by a timer's interrupt.
#![no_std]
#![no_main]

use bare_metal::board::Serial;
use bare_metal::clock::{self, Clock};
use bare_metal::line::Line;
use cortex_m::Peripherals;
use cortex_m_rt::{entry, exception};
use cortex_m_semihosting::debug;
use embassy_executor::{Executor, task};
use embassy_futures::join::join;
use embassy_futures::select::select;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use exo_trace_core::compact::{Recorder, Ring, Site, Sites, Value32, site};
use panic_halt as _;

static RING: Ring<512, 0> = Ring::new();

static STEP: Site = site!("agent.step");
static SAID: Site = site!("said", ["exo.agent.step"]);
static READ: Site = site!("sensor.read");
static TURN: Site = site!("fan.turn");
static SITES: &[&[Site]] = &[&[STEP, SAID, READ, TURN]];

/// Who waits for the timer; each has a bell of its own.
#[derive(Clone, Copy)]
enum Bell {
    Agent,
    Fan,
    Patience,
    Line,
}

static BELLS: [Signal<CriticalSectionRawMutex, ()>; 4] = [const { Signal::new() }; 4];

#[exception]
fn SysTick() {
    clock::lap();
    BELLS.iter().for_each(|bell| bell.signal(()));
}

#[entry]
fn main() -> ! {
    // The runtime hands these to this function alone, so nobody shares them.
    static mut EXECUTOR: Option<Executor> = None;
    static mut RECORDER: Option<Recorder<'static, Clock>> = None;
    if let (Some(core), Some(serial)) = (Peripherals::take(), Serial::take()) {
        let line = Line::new(serial, Sites::new(SITES), [RING.by_ref()]);
        let recorder = RECORDER.insert(Recorder::new(&RING, Clock));
        clock::start(core.SYST);
        EXECUTOR.insert(Executor::new()).run(|spawner| {
            if let (Ok(work), Ok(sending)) = (work(recorder), sending(line)) {
                spawner.spawn(work);
                spawner.spawn(sending);
            }
        });
    }
    loop {}
}

static DONE: Signal<CriticalSectionRawMutex, ()> = Signal::new();

#[task]
async fn work(recorder: &'static Recorder<'static, Clock>) {
    join(agent(recorder), fan(recorder)).await;
    DONE.signal(());
}

/// Five steps, each with a reading; the last reading fails.
async fn agent(recorder: &'static Recorder<'static, Clock>) {
    for step in 1..=5 {
        let reading = async {
            laps(Bell::Agent, 2).await;
            if step < 5 { Ok(21) } else { Err(()) }
        };
        let step = async {
            recorder.attributes(&SAID, &[Value32::Int(step)]);
            laps(Bell::Agent, 1).await;
            recorder.try_traced(&READ, reading).await
        };
        // The span of the reading says that it failed.
        let _ = recorder.traced(&STEP, step).await;
    }
}

/// Three turns of a fan, and one that somebody lost patience with.
async fn fan(recorder: &'static Recorder<'static, Clock>) {
    for _ in 0..3 {
        recorder.traced(&TURN, laps(Bell::Fan, 4)).await;
    }
    select(recorder.traced(&TURN, laps(Bell::Fan, 1000)), laps(Bell::Patience, 3)).await;
}

async fn laps(bell: Bell, count: u32) {
    for _ in 0..count {
        BELLS[bell as usize].wait().await;
    }
}

/// Sends what was recorded, at each lap, until all is done.
#[task]
async fn sending(mut line: Line<1>) {
    while !DONE.signaled() {
        laps(Bell::Line, 1).await;
        line.send();
    }
    line.end();
    debug::exit(debug::EXIT_SUCCESS);
}
