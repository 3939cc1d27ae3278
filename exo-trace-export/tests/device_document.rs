//! The bytes of `STREAM.md` are what a board writes, and mean what the document says.

use exo_trace_core::compact::{
    Clock32, HalfLaps, Recorder, Ring, Site, Sites, Target, Value32, site,
};
use exo_trace_core::stream::{Board, Stream};
use exo_trace_core::{Outcome, SpanContext};
use exo_trace_export::device::{Decoder, DeviceRecord, Heard};
use std::cell::Cell;

const DOCUMENT: &str = include_str!("../../exo-trace-core/STREAM.md");
const ASKED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

static MAIN: Ring<256> = Ring::new();
static HALF_LAPS: HalfLaps = HalfLaps::new();
static READ: Site = site!("sensor.read", Internal, ["exo.agent.step", "celsius"]);
static NOTE: Site = site!("note", ["text"]);
static SITES: &[&[Site]] = &[&[READ, NOTE]];

/// The bytes of each line of the example, after the bar.
fn frames_of_the_document() -> Vec<Vec<u8>> {
    let example = DOCUMENT.split("## An example").nth(1).unwrap_or_default();
    let block = example.split("```").nth(1).unwrap_or_default();
    let mut frames: Vec<Vec<u8>> = Vec::new();
    for (what, hex) in block.lines().filter_map(|line| line.split_once('|')) {
        let bytes = hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16));
        let bytes: Vec<_> = bytes.map(|byte| byte.unwrap_or_else(|_| panic!("{hex}"))).collect();
        match frames.last_mut() {
            Some(last) if what.trim().is_empty() => last.extend(bytes),
            _ => frames.push(bytes),
        }
    }
    frames
}

struct Timer<'t>(&'t Cell<u32>);

impl Clock32 for Timer<'_> {
    fn ticks(&self) -> u32 {
        self.0.get()
    }
}

fn sent(stream: &mut Stream<'_, 1>, ticks: u32) -> Vec<Vec<u8>> {
    stream.poll(ticks);
    let mut line = [0; 1_024];
    let filled = stream.next_bytes(&mut line);
    let stuffed = line[..filled].split(|byte| *byte == 0).filter(|stuffed| !stuffed.is_empty());
    stuffed.map(|stuffed| [&[0], stuffed, &[0]].concat()).collect()
}

/// What the document says that its board does.
fn frames_of_a_board() -> Vec<Vec<u8>> {
    let board = Board {
        seed: 0x0123_4567_89ab_cdef,
        ticks_per_second: 16_000_000,
        resource: &[("device.id", "bench-7")],
        sites: Sites::new(SITES),
        half_laps: &HALF_LAPS,
    };
    let mut stream = Stream::new(board, [MAIN.by_ref()]);
    let ticks = Cell::new(1_000_000);
    let recorder = Recorder::new(&MAIN, Timer(&ticks));
    let mut frames = sent(&mut stream, ticks.get());

    let mut read = recorder.start(&READ);
    let first = read.id();
    read.set(0, 6);
    read.set(1, 21);
    ticks.set(1_016_000);
    drop(read);

    let Ok(parent) = SpanContext::from_traceparent(ASKED) else { panic!("{ASKED}") };
    let mut read = recorder.continue_trace(&READ, &parent);
    read.set(1, 21.5);
    recorder.event(&NOTE, &[]);
    recorder.attributes(&NOTE, &[Value32::Unsigned(5)]);
    recorder.text(&NOTE, "warm");
    first.into_iter().for_each(|first| recorder.link(Target::Local(first)));
    ticks.set(1_032_000);
    read.end(Outcome::Error);
    frames.extend(sent(&mut stream, ticks.get()));
    frames
}

#[test]
fn a_board_writes_what_the_document_shows() {
    let (written, shown) = (frames_of_a_board(), frames_of_the_document());
    assert_eq!(written, shown);
}

#[test]
fn the_bytes_of_the_document_mean_what_it_says() {
    let mut decoder = Decoder::new();
    let mut all = Vec::new();
    decoder.feed(&frames_of_the_document().concat(), |heard| all.push(heard));
    let mut records = all.iter().filter_map(|heard| match heard {
        Heard::Record(record) => Some(record),
        _ => None,
    });
    let Some(DeviceRecord::Span(first)) = records.next() else { panic!("a span: {all:?}") };
    assert_eq!(
        (&*first.site.name, first.start_ticks, first.end_ticks),
        ("sensor.read", 1_000_000, 1_016_000)
    );
    let ids = (first.trace_id.to_string(), first.span_id.to_string());
    assert!(DOCUMENT.contains(&ids.0) && DOCUMENT.contains(&ids.1), "{ids:?}");
    let last = records.clone().next_back();
    let Some(DeviceRecord::Span(last)) = last else { panic!("a span: {last:?}") };
    assert_eq!(last.parent_id.map(|id| id.to_string()).as_deref(), Some("00f067aa0ba902b7"));
    assert_eq!((last.outcome, last.values.get(1)), (Outcome::Error, Some(Value32::Float(21.5))));
    assert!(records.any(|record| matches!(record, DeviceRecord::Link { context, .. }
        if context.span_id == first.span_id && context.trace_id == first.trace_id)));
    assert_eq!((decoder.counts().records, decoder.counts().missing), (6, 0));
}
