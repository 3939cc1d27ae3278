//! perfetto-recorder, whose events wait in a vector of their thread until somebody takes them.
//!
//! At its best: with `fastant`, its fast clock, and the vector long enough for a burst beforehand. A
//! thread begun beforehand turns what was taken into a trace and counts its events, between bursts.

use crate::contender::{About, Contender, EARLY, SPAN, TWO, Way, timed};
use crate::messages::messages_at;
use exo_trace_ways::floor::work;
use perfetto_recorder::{
    EVENTS_PER_ARG, EVENTS_PER_SPAN, ThreadTraceData, TraceBuilder, current_thread_reserve, scope,
};
use std::error::Error;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

pub(super) const ABOUT: About = About {
    packages: &["perfetto-recorder"],
    settings: "feature `fastant`; room for a whole burst reserved outside the measured time",
    lacks: "trace ids, span ids and parents, a drain while the program runs (events wait in memory, without a bound, \
            until they are taken), and OTLP",
};

/// The fields that lead to an event of a track: `packet`, `track_event`. A span has two of them.
const EVENTS: [u32; 2] = [1, 11];

pub(super) fn set_up() -> Result<Contender, Box<dyn Error>> {
    perfetto_recorder::start().map_err(|error| error.to_string())?;
    let (taken, to_count) = channel();
    let (counts, counted) = channel();
    std::thread::spawn(move || count(&to_count, &counts));
    Ok(Contender {
        ways: vec![
            Way::new(SPAN, |times| with_room(times, EVENTS_PER_SPAN, alone)),
            Way::new(TWO, |times| {
                with_room(times, EVENTS_PER_SPAN + 2 * EVENTS_PER_ARG, two_attributes)
            }),
        ],
        missing: Box::new(move |expected| {
            let arrived = taken.send(ThreadTraceData::take_current_thread());
            let arrived = arrived.ok().and_then(|()| counted.recv().ok());
            expected.saturating_sub(arrived.unwrap_or(0))
        }),
    })
}

/// Answers each thread's events with the number of their spans.
fn count(taken: &Receiver<ThreadTraceData>, counts: &Sender<u64>) {
    for events in taken {
        let Ok(mut trace) = TraceBuilder::new() else { return };
        let trace = trace.process_thread_data(&events).encode_to_vec();
        let found = messages_at(&mut trace.as_slice(), &EVENTS).unwrap_or(0);
        if counts.send(found / 2).is_err() {
            return;
        }
    }
}

fn with_room(times: usize, events: usize, way: impl FnMut(usize)) -> Duration {
    current_thread_reserve(events * times);
    timed(times, way)
}

#[inline(always)]
fn alone(step: usize) {
    scope!("span");
    work(step);
}

#[inline(always)]
fn two_attributes(step: usize) {
    scope!("two", step = step, is_early = step < EARLY);
    work(step);
}
