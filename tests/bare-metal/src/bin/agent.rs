//! An agent on a microcontroller: it takes a step whenever a line asks for one, and a timer's interrupt samples a sensor.
//!
//! A line that is a `traceparent` makes the step part of that trace; an empty one makes it a trace of
//! the board's own; `end` ends the run. What is recorded goes out over the same line, whenever
//! there is nothing better to do.
#![no_std]
#![no_main]

use bare_metal::board::Serial;
use bare_metal::clock::{self, Clock};
use bare_metal::line::Line;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use cortex_m::Peripherals;
use cortex_m_rt::{entry, exception};
use cortex_m_semihosting::debug;
use exo_trace_core::compact::{LocalId, Recorder, Ring, Site, Sites, Target, Value32, site};
use exo_trace_core::{Outcome, SpanContext};
use panic_halt as _;

// A ring for each priority, and one that is too small for what it is given.
static MAIN: Ring<512, 0> = Ring::new();
static TIMER: Ring<128, 1> = Ring::new();
static BURST: Ring<64, 2> = Ring::new();

static STEP: Site = site!("agent.step", Server, ["exo.agent.step"]);
static READ: Site = site!("sensor.read", Internal, ["exo.agent.step", "celsius"]);
static WARM: Site = site!("too.warm", ["celsius", "limit"]);
static SOURCE: Site = site!("sensor", ["sensor.name"]);
static ACT: Site = site!("fan.turn", Client, ["exo.agent.step", "on"]);
static SAMPLE: Site = site!("timer.sample", ["lap"]);
static SAMPLED: Site = site!("sampled", ["celsius"]);
static FILL: Site = site!("ring.fill", ["place"]);
static SITES: &[&[Site]] = &[&[STEP, READ, WARM, SOURCE, ACT, SAMPLE, SAMPLED, FILL]];

/// The sensor's value and the span that sampled it, as the interrupt leaves them.
static CELSIUS: AtomicU32 = AtomicU32::new(0);
static SAMPLED_BY: AtomicU32 = AtomicU32::new(0);
/// Whether the interrupt is to record.
static IS_SAMPLING: AtomicBool = AtomicBool::new(true);

/// Spans that are tried in the ring that has room for nine.
const FILLED: u32 = 20;

#[exception]
fn SysTick() {
    let laps = clock::lap();
    if laps % 8 == 0 && IS_SAMPLING.load(Relaxed) {
        // Made anew each time: its ring keeps what must last.
        let recorder = Recorder::new(&TIMER, Clock);
        let mut span = recorder.start(&SAMPLE);
        span.set(0, laps);
        let celsius = 18 + laps / 8 % 7;
        recorder.event(&SAMPLED, &[Value32::Unsigned(celsius)]);
        if let Some(last) = LocalId::new(SAMPLED_BY.load(Relaxed)) {
            recorder.link(Target::Local(last));
        }
        CELSIUS.store(celsius, Relaxed);
        SAMPLED_BY.store(span.id().map_or(0, LocalId::to_word), Relaxed);
    }
}

#[entry]
fn main() -> ! {
    if let (Some(core), Some(serial)) = (Peripherals::take(), Serial::take()) {
        let rings = [MAIN.by_ref(), TIMER.by_ref(), BURST.by_ref()];
        let mut line = Line::new(serial, Sites::new(SITES), rings);
        clock::start(core.SYST);
        work(&mut line);
        fill();
        IS_SAMPLING.store(false, Relaxed);
        line.end();
        debug::exit(debug::EXIT_SUCCESS);
    }
    loop {}
}

/// Takes a step for each line, until one says that it is enough.
fn work(line: &mut Line<3>) {
    let recorder = Recorder::new(&MAIN, Clock);
    let mut request = heapless::String::<64>::new();
    let mut step = 0;
    loop {
        line.send();
        match line.heard() {
            None => cortex_m::asm::wfi(),
            Some(b'\n') if request == "end" => return,
            Some(b'\n') => {
                step += 1;
                answer(&recorder, step, &request);
                request.clear();
            }
            // What is longer than a line may be is no traceparent.
            Some(byte) => drop(request.push(byte.into())),
        }
    }
}

/// Takes a step of the agent: reads what the interrupt left, and acts on it.
fn answer(recorder: &Recorder<'_, Clock>, step: u32, request: &str) {
    let mut span = match SpanContext::from_traceparent(request) {
        Ok(asked) => recorder.continue_trace(&STEP, &asked),
        Err(_) => recorder.start(&STEP),
    };
    span.set(0, step);
    let celsius = recorder.in_span(&READ, |span| {
        let (celsius, sample) = next_sample();
        span.set(0, step);
        span.set(1, celsius);
        recorder.text(&SOURCE, "thermometer at the door");
        if let Some(sample) = sample {
            recorder.link(Target::Local(sample));
        }
        celsius
    });
    if celsius > 20 {
        recorder.event(&WARM, &[Value32::Unsigned(celsius), Value32::Float(20.5)]);
    }
    let mut act = recorder.start(&ACT);
    act.set(0, step);
    act.set(1, celsius > 20);
    act.end(if celsius == 24 { Outcome::Error } else { Outcome::Ended });
}

/// Waits for the interrupt's next sample; returns it, and the span it was taken in.
fn next_sample() -> (u32, Option<LocalId>) {
    let last = SAMPLED_BY.load(Relaxed);
    while SAMPLED_BY.load(Relaxed) == last {
        cortex_m::asm::wfi();
    }
    (CELSIUS.load(Relaxed), LocalId::new(SAMPLED_BY.load(Relaxed)))
}

/// Records more than there is room for: the first nine stay, the others are refused and counted.
fn fill() {
    let recorder = Recorder::new(&BURST, Clock);
    for place in 0..FILLED {
        recorder.in_span(&FILL, |span| span.set(0, place));
    }
}
