//! Every accepted record comes out once, in order and equal; every refused one is counted.
//!
//! The model is a queue of owned records and two positions. It knows one rule of layout: a record
//! never wraps, so what is left of a lap too short for it is given up.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod owned_record;

use exo_trace_core::{Full, Record, Ring, Slot};
use owned_record::{OwnedRecord, any_record};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::VecDeque;

#[derive(Clone, Debug)]
enum Step {
    Push(OwnedRecord),
    Read(usize),
    Skip,
    NextWriter,
    NextReader,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => any_record(300).prop_map(Step::Push),
        3 => (0..400_usize).prop_map(Step::Read),
        1 => (0..12_usize).prop_map(Step::Read),
        1 => Just(Step::Skip),
        1 => Just(Step::NextWriter),
        1 => Just(Step::NextReader),
    ]
}

fn boxed_ring(words: usize) -> Ring<Box<[Slot]>> {
    Ring::from_slots((0..words).map(|_| Slot::new(0)).collect()).expect("a power of two")
}

/// What a ring of `capacity` words should do.
struct Model {
    capacity: usize,
    written: usize,
    read: usize,
    queue: VecDeque<(usize, OwnedRecord)>,
    accepted: usize,
    refused: usize,
    taken: usize,
}

impl Model {
    fn new(capacity: usize) -> Self {
        let queue = VecDeque::new();
        Self { capacity, written: 0, read: 0, queue, accepted: 0, refused: 0, taken: 0 }
    }

    fn push(&mut self, record: &OwnedRecord, words_max: usize) -> Result<(), Full> {
        let Some(kept) = record.kept(words_max) else { return self.refuse() };
        let words = kept.words();
        let lap = self.capacity - self.written % self.capacity;
        let given_up = if lap < words { lap } else { 0 };
        let start = self.written + given_up;
        if start + words - self.read > self.capacity {
            // No reader could make room for it here: the next try is made at the start of a lap.
            if given_up + words > self.capacity && start - self.read <= self.capacity {
                self.written = start;
            }
            return self.refuse();
        }
        self.written = start + words;
        self.queue.push_back((start, kept));
        self.accepted += 1;
        Ok(())
    }

    fn refuse(&mut self) -> Result<(), Full> {
        self.refused += 1;
        Err(Full)
    }

    fn read(&mut self, room: usize) -> Vec<OwnedRecord> {
        let (mut filled, mut read) = (0, Vec::new());
        self.read = self.written;
        while let Some((start, record)) = self.queue.pop_front() {
            let words = record.words();
            if filled + words > room && filled > 0 {
                self.read = start;
                self.queue.push_front((start, record));
                break;
            }
            self.taken += 1;
            if words <= room {
                filled += words;
                read.push(record);
            }
        }
        read
    }
}

fn assert_same(mut words: &[u64], records: &[OwnedRecord]) {
    for record in records {
        let (first, rest) = words.split_at(Record::words(words[0]));
        record.with(|expected| assert_eq!(Record::decode(first).as_ref(), Ok(expected)));
        words = rest;
    }
    assert!(words.is_empty(), "nothing else came out");
}

fn live(capacity: usize, steps: Vec<Step>) {
    let ring = boxed_ring(capacity);
    let on_half = || {};
    let (mut writer, mut reader) = (ring.writer(on_half), ring.reader());
    let mut model = Model::new(capacity);
    for step in steps {
        match step {
            Step::Push(record) => {
                let answer = record.with(|record| writer.record(record));
                assert_eq!(answer, model.push(&record, writer.record_words_max()));
            }
            Step::Read(room) => {
                let mut words = vec![0; room];
                let filled = reader.read(&mut words);
                assert_same(&words[..filled], &model.read(room));
            }
            Step::Skip => {
                let waiting = model.queue.len();
                model.read(0);
                assert_eq!(reader.skip(), waiting);
            }
            Step::NextWriter => writer = ring.writer(on_half),
            Step::NextReader => reader = ring.reader(),
        }
        assert_eq!(ring.recorded(), model.accepted);
        assert_eq!(ring.refused(), model.refused);
        assert_eq!(ring.taken(), model.taken);
        assert_eq!(ring.recorded(), ring.taken() + model.queue.len(), "none is lost in between");
        assert_eq!(reader.has_reached(reader.written()), model.read == model.written);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_ring_is_a_queue_that_counts(bits in 5..12_u32, steps in vec(any_step(), 1..80)) {
        live(1 << bits, steps);
    }

    #[test]
    fn storage_that_is_no_power_of_two_makes_no_ring(words in 0..300_usize) {
        let slots: Box<[Slot]> = (0..words).map(|_| Slot::new(0)).collect();
        let is_fit = words.is_power_of_two() && words >= exo_trace_core::RING_WORDS_MIN;
        prop_assert_eq!(Ring::from_slots(slots).is_ok(), is_fit);
    }
}

#[test]
fn a_ring_with_room_takes_any_record_at_the_second_try() {
    let name = &"x".repeat(21 * 8);
    for before in 0..32 {
        let ring = boxed_ring(32);
        let (writer, mut reader) = (ring.writer(|| {}), ring.reader());
        let span_id = owned_record::span_id(7);
        for _ in 0..before {
            let _ = writer.record(&Record::Name { span_id, name: "" });
            reader.skip();
        }
        let long = Record::Name { span_id, name };
        let first = writer.record(&long);
        reader.skip();
        assert!(first.or_else(|Full| writer.record(&long)).is_ok(), "after {before} records");
    }
}
