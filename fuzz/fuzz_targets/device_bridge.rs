//! Boards on lines that lose, repeat and swap frames, and lines on which anybody writes: what comes out
//! behind the bridge obeys the laws, no span ends twice, and every sum comes out even.
#![no_main]

#[path = "../../exo-trace-export/tests/board/mod.rs"]
mod board;
#[path = "../../tests/laws/mod.rs"]
mod laws;

use board::line::{Line, varint};
use board::{ASK, READ, Ram, SECRET, Timer, WAKE, is_of};
use exo_trace_core::compact::{OpenSpan, Recorder, Site, Target, Value32};
use exo_trace_core::stream::{Kind, PAYLOAD_BYTES_MAX, Stream, VERSION};
use exo_trace_core::{Outcome, SpanContext};
use exo_trace_export::device::{Bridge, BridgeStatistics};
use exo_trace_export::{TraceBackend, TraceConfig, TraceGuard, init};
use exo_trace_fuzz::script::Script;
use libfuzzer_sys::fuzz_target;
use std::collections::HashSet;
use std::time::Duration;

const SITES: [&Site; 4] = [&READ, &ASK, &WAKE, &SECRET];
const ASKED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const EPOCH: u64 = 1_795_000_000_000_000_000;
/// What may wait, as `exo_trace_export::device` bounds it.
const WAITING_MAX: usize = 4_096;
/// How many spans are open at a time.
const OPEN_MAX: usize = 6;

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let config = TraceConfig::new("gateway").backend(TraceBackend::Memory).without_threads();
    let trace = init(config).expect("nothing records yet");
    let mut bridge = Bridge::new();
    let is_of_boards = script.flag();
    match is_of_boards {
        true => boards(&mut script, &mut bridge, &trace),
        false => anybody(&mut script, &mut bridge, &trace),
    }
    bridge.finish();
    let statistics = bridge.statistics();
    comes_out_even(&statistics);
    assert_eq!(statistics.device.waiting, 0, "{statistics:?}");
    drop(bridge);
    let delivery = trace.shutdown(Duration::from_secs(60));
    assert_eq!(delivery.delivered, statistics.spans, "{delivery}");
    assert_eq!(delivery.lost.left_behind, 0, "{delivery}");
    let spans = trace.memory().expect("the memory backend").spans();
    if is_of_boards {
        laws::check(&spans);
    }
    let ids: HashSet<_> = spans.iter().map(|span| span.span_id()).collect();
    assert_eq!(ids.len(), spans.len(), "a span ends once");
});

fn comes_out_even(statistics: &BridgeStatistics) {
    let told = statistics.spans + statistics.facts + statistics.refused;
    assert_eq!(told, statistics.device.records, "{statistics:?}");
    assert!(statistics.device.waiting <= WAITING_MAX, "{statistics:?}");
}

/// Boards, one after the other, each with a line of its own.
fn boards(script: &mut Script<'_>, bridge: &mut Bridge, trace: &TraceGuard) {
    for seed in 0..=script.below(3) as u64 {
        let ram = Ram::new();
        let mut stream = ram.stream(seed);
        stream.poll(0);
        stream.set_unix_time(EPOCH);
        let (main, timer) = (ram.main(), ram.timer());
        let mut open = Vec::new();
        let mut late = Vec::new();
        for _ in 0..script.below(64) {
            match script.below(8) {
                0 | 1 if open.len() < OPEN_MAX => open.push(start(&main, script)),
                2 => drop(open.pop()),
                3 => interrupt(&timer, &open, script),
                4 => tell(&main, script),
                5 => ram.pass(script.number() as u32 & (1 << 29) - 1),
                6 => drop(trace.drain_now()),
                _ => send(&ram, &mut stream, &mut late, script, bridge),
            }
        }
        drop(open);
        send(&ram, &mut stream, &mut late, script, bridge);
    }
}

fn start<'a, 'r>(
    main: &'a Recorder<'r, Timer<'r>>,
    script: &mut Script<'_>,
) -> OpenSpan<'a, 'r, Timer<'r>> {
    let site = SITES[script.below(SITES.len())];
    let mut span = match (script.flag(), SpanContext::from_traceparent(ASKED)) {
        (true, Ok(asked)) => main.continue_trace(site, &asked),
        _ => main.start(site),
    };
    span.set(script.below(4), Value32::Int(script.number() as i32));
    span
}

/// A span of the interrupt, which may point to what the main loop is at.
fn interrupt(
    timer: &Recorder<'_, Timer<'_>>,
    open: &[OpenSpan<'_, '_, Timer<'_>>],
    script: &mut Script<'_>,
) {
    let span = timer.start(SITES[script.below(SITES.len())]);
    let to = open.get(script.below(OPEN_MAX)).and_then(OpenSpan::id);
    to.into_iter().for_each(|to| timer.link(Target::Local(to)));
    tell(timer, script);
    let outcomes = [Outcome::Ended, Outcome::Error, Outcome::Panic, Outcome::Cancelled];
    span.end(outcomes[script.below(4)]);
}

fn tell(recorder: &Recorder<'_, Timer<'_>>, script: &mut Script<'_>) {
    let site = SITES[script.below(SITES.len())];
    match script.below(3) {
        0 => recorder.event(site, &[Value32::Unsigned(script.number() as u32)]),
        1 => recorder.attributes(site, &[Value32::Bool(script.flag())]),
        _ => recorder.text(site, script.text()),
    }
}

/// Sends what there is: frames are lost, damaged, come twice or later than those after them.
fn send(
    ram: &Ram,
    stream: &mut Stream<'_, 2>,
    late: &mut Vec<Vec<u8>>,
    script: &mut Script<'_>,
    bridge: &mut Bridge,
) {
    for mut frame in ram.frames(stream) {
        // A board that began anew says so by these: they come again as its next boot does.
        let is_of_order = is_of(&frame, Kind::Boot) || is_of(&frame, Kind::Anchor);
        let place = script.below(256) % frame.len();
        match script.below(8) {
            0 => continue,
            1 => frame[place] ^= script.byte(),
            2 if !is_of_order => late.push(frame.clone()),
            3 if !is_of_order => {
                late.push(frame);
                continue;
            }
            4 => late.drain(..).for_each(|frame| bridge.feed(&frame)),
            _ => {}
        }
        bridge.feed(&frame);
    }
    comes_out_even(&bridge.statistics());
}

/// A line on which somebody writes whatever makes a frame.
fn anybody(script: &mut Script<'_>, bridge: &mut Bridge, trace: &TraceGuard) {
    let mut seed = 0;
    let mut line = Line::begin(seed);
    while let Some(step) = script.step() {
        match step % 8 {
            0 => line.boot(VERSION + (step >> 7)),
            1 => {
                let number = line.number.wrapping_add(u32::from(step >> 3));
                let anchor = [&varint(number)[..], &script.number().to_le_bytes()].concat();
                line.frame(Kind::Anchor, &anchor);
            }
            2 => line.span(u16::from(step >> 6), 1 + script.below(32) as u32),
            3 => {
                // A link to any span, by its distance.
                let (span, to) = (1 + script.below(32) as u32, script.below(32) as u8);
                line.frame(Kind::Link, &[&[0][..], &varint(span << 4), &[to]].concat());
            }
            4 => {
                let said = script.take(usize::from(script.clone().byte()));
                let said = &said[..said.len().min(PAYLOAD_BYTES_MAX - 2)];
                line.frame(Kind::ALL[usize::from(step >> 3) % Kind::ALL.len()], said);
            }
            5 => {
                // Never one that was there: the ids of a seed are the same again.
                seed += 1;
                let bytes = std::mem::take(&mut line.bytes);
                line = Line::begin(seed);
                line.bytes.splice(..0, bytes);
            }
            6 => drop(trace.drain_now()),
            _ => {
                bridge.feed(&std::mem::take(&mut line.bytes));
                comes_out_even(&bridge.statistics());
            }
        }
    }
    bridge.feed(&line.bytes);
}
