//! Small records from one side of a ring to the other: on one core in turn, and between two threads.
//!
//! A record is one attribute of one word that joins its span later: four words, written as a typed
//! span writes what it is asked for. The reader copies them out, as the drain does before it looks
//! at them.

use crate::processors::stay_on;
use exo_trace_core::{Gathered, InternedKey, Key, Ring, Slot, SpanId, Value, Writer};
use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// As many words as a thread's ring has by default.
const RING_WORDS: usize = 32_768;
const RECORD_WORDS: u64 = 4;
/// Written at a time: a fraction of the ring.
const BURST: u64 = 1_000;
/// How many records may be on their way between two threads: half a ring of them.
const ON_THEIR_WAY_MAX: u64 = RING_WORDS as u64 / RECORD_WORDS / 2;
const _: () = assert!(BURST < ON_THEIR_WAY_MAX);

static STEP: InternedKey = InternedKey::new(Key::new("step"));

/// What came of handing records over.
#[derive(Clone, Copy, Debug)]
pub struct HandOff {
    /// How many records the reader took.
    pub records: u64,
    /// From the first one written to the last one read.
    pub took: Duration,
    /// How many found no room; with one, the figure is void.
    pub refused: u64,
}

impl HandOff {
    /// Returns how many records went over in a second.
    pub fn per_second(&self) -> f64 {
        self.records as f64 / self.took.as_secs_f64()
    }
}

/// Writes bursts of records and reads each burst before the next, all on this thread.
pub fn on_one_core(records: u64) -> HandOff {
    let ring = ring();
    let (writer, mut reader) = (ring.writer(|| {}), ring.reader());
    let mut words = vec![0; RING_WORDS];
    let start = Instant::now();
    let mut left = records;
    while left > 0 {
        let burst = left.min(BURST);
        write(&writer, burst);
        let read = reader.read(&mut words);
        black_box(words.get(..read));
        left -= burst;
    }
    handed_over(&ring, start.elapsed())
}

/// Writes records on one thread while another one reads them; the writer waits before the ring is full.
pub fn between_threads(records: u64) -> HandOff {
    let (ring, both) = (ring(), Barrier::new(2));
    let (start, end) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            stay_on(0);
            both.wait();
            read_all(&ring, records);
            Instant::now()
        });
        let writer = scope.spawn(|| {
            stay_on(1);
            both.wait();
            let start = Instant::now();
            write_all(&ring, records);
            start
        });
        (writer.join(), reader.join())
    });
    let took = start.ok().zip(end.ok()).map(|(start, end)| end - start);
    handed_over(&ring, took.unwrap_or_default())
}

fn read_all(ring: &Ring<Box<[Slot]>>, records: u64) {
    let (mut reader, mut words) = (ring.reader(), vec![0; RING_WORDS]);
    while (ring.taken() as u64) < records {
        if reader.has_reached(reader.written()) {
            // Not a spin: where there is one processor, the writer needs it.
            std::thread::yield_now();
        } else {
            let read = reader.read(&mut words);
            black_box(words.get(..read));
        }
    }
}

fn write_all(ring: &Ring<Box<[Slot]>>, records: u64) {
    let (writer, mut written) = (ring.writer(|| {}), 0);
    while written < records {
        if written - (ring.taken() as u64) < ON_THEIR_WAY_MAX {
            let burst = (records - written).min(BURST);
            write(&writer, burst);
            written += burst;
        } else {
            std::thread::yield_now();
        }
    }
}

fn ring() -> Ring<Box<[Slot]>> {
    let slots = (0..RING_WORDS).map(|_| Slot::new(0)).collect();
    Ring::from_slots(slots).unwrap_or_else(|error| panic!("{error}"))
}

fn write(writer: &Writer<'_, Box<[Slot]>, impl Fn()>, records: u64) {
    let Some(span_id) = SpanId::new(7) else { return };
    for step in 0..records {
        let mut gathered = Gathered::<2>::new();
        gathered.push(STEP.id(), 0, Value::U64(step));
        // Refusals are counted by the ring.
        let _ = writer.record_gathered(span_id, &gathered);
    }
}

fn handed_over(ring: &Ring<Box<[Slot]>>, took: Duration) -> HandOff {
    HandOff { records: ring.taken() as u64, took, refused: ring.refused() as u64 }
}
