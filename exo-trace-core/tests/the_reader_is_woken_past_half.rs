//! The reader is woken once when the ring passes half full, and never left asleep by a refusal.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod owned_record;

use exo_trace_core::{Full, Record, Ring, Slot};
use owned_record::{OwnedRecord, any_record, span_id};
use proptest::collection::vec;
use proptest::prelude::*;
use std::cell::Cell;

fn boxed_ring(words: usize) -> Ring<Box<[Slot]>> {
    Ring::from_slots((0..words).map(|_| Slot::new(0)).collect()).expect("a power of two")
}

#[derive(Clone, Debug)]
enum Step {
    Push(OwnedRecord),
    Read(usize),
}

fn any_step(read: impl Strategy<Value = usize>) -> impl Strategy<Value = Step> {
    prop_oneof![6 => any_record(40).prop_map(Step::Push), 1 => read.prop_map(Step::Read)]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// The fill is counted from outside: what went in, with what a lap's end gave up, since the
    /// reader emptied the ring.
    #[test]
    fn a_reader_that_empties_the_ring_is_woken_once_a_crossing(
        bits in 5..12_u32, steps in vec(any_step(Just(usize::MAX)), 1..120),
    ) {
        let ring = boxed_ring(1 << bits);
        let woken = Cell::new(0);
        let writer = ring.writer(|| woken.set(woken.get() + 1));
        let (mut reader, half) = (ring.reader(), ring.capacity() / 2);
        let (mut emptied, mut expected, mut is_woken) = (0, 0, false);
        for step in steps {
            match step {
                Step::Push(record) => {
                    let before = reader.written();
                    let kept = record.kept(writer.record_words_max());
                    let lap = ring.capacity() - before % ring.capacity();
                    let _ = record.with(|record| writer.record(record));
                    let Some(kept) = kept else { continue };
                    let given_up = if lap < kept.words() { lap } else { 0 };
                    let would = before + given_up + kept.words() - emptied;
                    if would > half && !is_woken {
                        is_woken = true;
                        expected += 1;
                    }
                }
                Step::Read(_) => {
                    reader.skip();
                    is_woken &= reader.written() == emptied;
                    emptied = reader.written();
                }
            }
            prop_assert_eq!(woken.get(), expected);
        }
    }

    #[test]
    fn a_slow_reader_is_woken_at_most_once_for_each_place_and_before_any_refusal(
        bits in 5..10_u32, steps in vec(any_step(0..80_usize), 1..200),
    ) {
        let ring = boxed_ring(1 << bits);
        let woken = Cell::new(0);
        let writer = ring.writer(|| woken.set(woken.get() + 1));
        let mut reader = ring.reader();
        let mut words = [0; 80];
        for step in steps {
            match step {
                Step::Push(record) => {
                    let is_short = record.kept(writer.record_words_max()).is_some();
                    let answer = record.with(|record| writer.record(record));
                    prop_assert!(woken.get() <= 1, "the reader has not moved since");
                    if is_short && answer == Err(Full) {
                        prop_assert_eq!(woken.get(), 1, "somebody must make room");
                    }
                }
                Step::Read(room) => {
                    let taken = ring.taken();
                    reader.read(&mut words[..room]);
                    if ring.taken() > taken || reader.has_reached(reader.written()) {
                        woken.set(0);
                    }
                }
            }
        }
    }
}

#[test]
fn a_record_too_long_for_what_is_left_wakes_the_reader_of_a_ring_below_half() {
    let ring = boxed_ring(32);
    let woken = Cell::new(0);
    let writer = ring.writer(|| woken.set(woken.get() + 1));
    let short = Record::Name { span_id: span_id(1), name: &"x".repeat(9 * 8) };
    let long = Record::Name { span_id: span_id(1), name: &"x".repeat(21 * 8) };
    assert_eq!((writer.record(&short), woken.get()), (Ok(()), 0));
    assert_eq!((writer.record(&long), woken.get()), (Err(Full), 1));
}

#[test]
fn a_refusal_of_what_an_empty_ring_could_take_leaves_the_ring_as_it_is() {
    let ring = boxed_ring(32);
    let writer = ring.writer(|| {});
    let mut reader = ring.reader();
    // Twenty words, and again twenty: with the twelve that are left of the lap, the whole ring.
    let record = Record::Name { span_id: span_id(1), name: &"x".repeat(17 * 8) };
    assert_eq!((writer.record(&record), reader.written()), (Ok(()), 20));
    assert_eq!((writer.record(&record), reader.written()), (Err(Full), 20));
    assert_eq!(reader.skip(), 1);
    assert_eq!((writer.record(&record), reader.written()), (Ok(()), 52));
}
