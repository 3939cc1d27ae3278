//! The program with one call site and sixteen further ones: what a call site adds.
#![no_std]
#![no_main]

use bare_metal::sensor::{self, Timer};
use core::hint::black_box;
use cortex_m_rt::entry;
use exo_trace_core::compact::{Recorder, Ring, Site, Sites, site};
use panic_halt as _;

static RING: Ring<256, 0> = Ring::new();
static READ: Site = site!("sensor.read", Internal, ["exo.agent.step", "value"]);
static TURN: Site = site!("motor.turn", Internal, ["exo.agent.step", "value"]);
static STOP: Site = site!("motor.stop", Internal, ["exo.agent.step", "value"]);
static BLINK: Site = site!("light.blink", Internal, ["exo.agent.step", "value"]);
static DIM: Site = site!("light.dim", Internal, ["exo.agent.step", "value"]);
static ASK: Site = site!("model.ask", Internal, ["exo.agent.step", "value"]);
static PLAN: Site = site!("agent.plan", Internal, ["exo.agent.step", "value"]);
static ACT: Site = site!("agent.act", Internal, ["exo.agent.step", "value"]);
static LOOK: Site = site!("camera.look", Internal, ["exo.agent.step", "value"]);
static HEAR: Site = site!("sound.hear", Internal, ["exo.agent.step", "value"]);
static SPEAK: Site = site!("sound.speak", Internal, ["exo.agent.step", "value"]);
static SEND: Site = site!("radio.send", Internal, ["exo.agent.step", "value"]);
static GET: Site = site!("radio.get", Internal, ["exo.agent.step", "value"]);
static SAVE: Site = site!("flash.save", Internal, ["exo.agent.step", "value"]);
static LOAD: Site = site!("flash.load", Internal, ["exo.agent.step", "value"]);
static SLEEP: Site = site!("power.sleep", Internal, ["exo.agent.step", "value"]);
static WAKE: Site = site!("power.wake", Internal, ["exo.agent.step", "value"]);

#[rustfmt::skip]
static SITES: &[&[Site]] = &[&[
    READ, TURN, STOP, BLINK, DIM, ASK, PLAN, ACT, LOOK,
    HEAR, SPEAK, SEND, GET, SAVE, LOAD, SLEEP, WAKE,
]];

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
        drop(span);
        further(&recorder, &TURN, step);
        further(&recorder, &STOP, step);
        further(&recorder, &BLINK, step);
        further(&recorder, &DIM, step);
        further(&recorder, &ASK, step);
        further(&recorder, &PLAN, step);
        further(&recorder, &ACT, step);
        further(&recorder, &LOOK, step);
        further(&recorder, &HEAR, step);
        further(&recorder, &SPEAK, step);
        further(&recorder, &SEND, step);
        further(&recorder, &GET, step);
        further(&recorder, &SAVE, step);
        further(&recorder, &LOAD, step);
        further(&recorder, &SLEEP, step);
        further(&recorder, &WAKE, step);
    }
}

/// One more span with two attributes, its code at each call site.
#[inline(always)]
fn further(recorder: &Recorder<'_, Timer>, site: &'static Site, step: u32) {
    let mut span = recorder.start(site);
    span.set(0, step);
    span.set(1, 21);
}
