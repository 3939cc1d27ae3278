//! A board as a test drives it: a clock that is set, two rings, and what goes on the line.
#![allow(dead_code, reason = "each test uses what it needs of it")]

pub(crate) mod host;
pub(crate) mod line;

use exo_trace_core::compact::{Clock32, HalfLaps, Recorder, Ring, Site, Sites, site};
use exo_trace_core::stream::{Board, Kind, Stream};
use exo_trace_export::device::{Decoder, DeviceRecord, DeviceSpan, Heard};
use std::cell::Cell;

/// A microsecond is a tick.
pub(crate) const TICKS_PER_SECOND: u32 = 1_000_000;

pub(crate) static READ: Site = site!("sensor.read", Internal, ["exo.agent.step", "celsius"]);
pub(crate) static ASK: Site = site!("model.ask", Client, ["tokens", "cost", "is_cached", "part"]);
pub(crate) static WAKE: Site = site!("wake", ["reason"]);
pub(crate) static SECRET: Site = site!("not.listed", ["value"]);

/// Two lists, as of a program and a library.
static SITES: &[&[Site]] = &[&[READ, ASK], &[WAKE]];

/// A clock that a test sets.
pub(crate) struct Timer<'b> {
    ticks: &'b Cell<u32>,
    half_laps: &'b HalfLaps,
}

impl Clock32 for Timer<'_> {
    fn ticks(&self) -> u32 {
        self.ticks.get()
    }

    fn half_laps(&self) -> u32 {
        self.half_laps.count()
    }
}

/// What a board has in its RAM.
pub(crate) struct Ram {
    pub(crate) ticks: Cell<u32>,
    pub(crate) half_laps: HalfLaps,
    pub(crate) main: Ring<256>,
    pub(crate) timer: Ring<64, 1>,
}

impl Ram {
    pub(crate) fn new() -> Self {
        Self {
            ticks: Cell::new(0),
            half_laps: HalfLaps::new(),
            main: Ring::new(),
            timer: Ring::new(),
        }
    }

    /// The recorder of the main loop.
    pub(crate) fn main(&self) -> Recorder<'_, Timer<'_>> {
        Recorder::new(&self.main, self.clock())
    }

    /// The recorder of the timer's interrupt.
    pub(crate) fn timer(&self) -> Recorder<'_, Timer<'_>> {
        Recorder::new(&self.timer, self.clock())
    }

    pub(crate) fn pass(&self, ticks: u32) {
        self.ticks.set(self.ticks.get().wrapping_add(ticks));
    }

    pub(crate) fn clock(&self) -> Timer<'_> {
        Timer { ticks: &self.ticks, half_laps: &self.half_laps }
    }

    /// What it says of a boot with this seed.
    pub(crate) fn board(&self, seed: u64) -> Board<'_> {
        Board {
            seed,
            ticks_per_second: TICKS_PER_SECOND,
            resource: &[("device.id", "bench-7"), ("service.name", "sensor")],
            sites: Sites::new(SITES),
            half_laps: &self.half_laps,
        }
    }

    /// A stream of both rings.
    pub(crate) fn stream(&self, seed: u64) -> Stream<'_, 2> {
        Stream::new(self.board(seed), [self.main.by_ref(), self.timer.by_ref()])
    }

    /// Everything that goes on the line until it is quiet, frame by frame, delimiters included.
    pub(crate) fn frames(&self, stream: &mut Stream<'_, 2>) -> Vec<Vec<u8>> {
        stream.poll(self.ticks.get());
        split(&all_of(stream))
    }
}

/// Everything that a stream has to say at present.
pub(crate) fn all_of<const RINGS: usize>(stream: &mut Stream<'_, RINGS>) -> Vec<u8> {
    let mut line = Vec::new();
    loop {
        let mut room = [0; 7];
        match stream.next_bytes(&mut room) {
            0 => return line,
            filled => line.extend(&room[..filled]),
        }
    }
}

/// Frames of an undamaged line, each with both of its zeros.
pub(crate) fn split(line: &[u8]) -> Vec<Vec<u8>> {
    let stuffed = line.split(|byte| *byte == 0).filter(|frame| !frame.is_empty());
    stuffed.map(|stuffed| [&[0], stuffed, &[0]].concat()).collect()
}

/// Tells whether an undamaged frame is of this kind.
pub(crate) fn is_of(frame: &[u8], kind: Kind) -> bool {
    let mut bytes = frame[1..frame.len() - 1].to_vec();
    match cobs::decode_in_place(&mut bytes) {
        Ok(_) => bytes[0] >> 4 == kind.number(),
        Err(error) => panic!("an undamaged frame is stuffed well: {error}"),
    }
}

/// What a decoder makes of some bytes.
pub(crate) fn heard(decoder: &mut Decoder, bytes: &[u8]) -> Vec<Heard> {
    let mut all = Vec::new();
    decoder.feed(bytes, |heard| all.push(heard));
    all
}

/// The records among what was heard.
pub(crate) fn records(heard: Vec<Heard>) -> Vec<DeviceRecord> {
    let record = |heard| if let Heard::Record(record) = heard { Some(record) } else { None };
    heard.into_iter().filter_map(record).collect()
}

/// The spans among what was heard.
pub(crate) fn spans(heard: Vec<Heard>) -> Vec<DeviceSpan> {
    let span = |record| if let DeviceRecord::Span(span) = record { Some(span) } else { None };
    records(heard).into_iter().filter_map(span).collect()
}
