//! A ring outlives its writers and readers: the next goes on where the last stopped.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::{Full, Record, Ring, Slot, SpanId};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn name(number: u64) -> Record<'static> {
    Record::Name { span_id: span_id(number), name: "plan" }
}

fn span_id(number: u64) -> SpanId {
    SpanId::new(number).expect("the number is not zero")
}

fn read_ids(ring: &Ring<[Slot; 64]>, room: usize) -> Vec<u64> {
    let mut words = vec![0; room];
    let filled = ring.reader().read(&mut words);
    let ids = words[..filled].chunks(4).map(Record::span_id);
    ids.map(|id| id.expect("every record has a span").to_word()).collect()
}

#[test]
fn each_writer_and_each_reader_takes_over_places_and_counts() {
    let ring = Ring::<[Slot; 64]>::new();
    for round in 0..100 {
        for number in 1..=3 {
            let writer = ring.writer(|| {});
            writer.record(&name(10 * round + number)).expect("three records fit");
        }
        assert_eq!(read_ids(&ring, 9), [10 * round + 1, 10 * round + 2], "no half record");
        assert_eq!(read_ids(&ring, 64), [10 * round + 3]);
    }
    assert_eq!((ring.recorded(), ring.taken(), ring.refused()), (300, 300, 0));
}

#[test]
fn a_next_writer_does_not_take_a_full_ring_for_an_empty_one() {
    let ring = Ring::<[Slot; 64]>::new();
    while ring.writer(|| {}).record(&name(1)).is_ok() {}
    assert_eq!((ring.recorded(), ring.refused()), (16, 1));
    assert_eq!(ring.writer(|| {}).record(&name(2)), Err(Full));
    assert_eq!((ring.recorded(), ring.refused()), (16, 2));
}

#[test]
fn a_closed_writer_touches_nothing() {
    let ring = Ring::<[Slot; 64]>::new();
    let old = ring.writer(|| panic!("a closed writer wakes nobody"));
    old.record(&name(1)).expect("an empty ring has room");
    old.close();
    let new = ring.writer(|| {});
    new.record(&name(2)).expect("there is room");
    let long = Record::Name { span_id: span_id(3), name: &"x".repeat(8 * 64) };
    for _ in 0..100 {
        assert_eq!(old.record(&name(3)), Err(Full));
        assert_eq!(old.record(&long), Err(Full));
    }
    new.record(&name(4)).expect("there is room");
    assert!(old.is_closed() && !new.is_closed());
    assert_eq!((ring.recorded(), ring.refused()), (3, 0));
    assert_eq!(read_ids(&ring, 64), [1, 2, 4]);
}

#[test]
fn a_wake_that_panics_leaves_the_ring_whole() {
    let ring = Ring::<[Slot; 64]>::new();
    let writer = ring.writer(|| panic!("the reader is gone"));
    let push = |number| catch_unwind(AssertUnwindSafe(|| writer.record(&name(number))));
    let accepted: Vec<u64> = (1..=12).filter(|&n| matches!(push(n), Ok(Ok(())))).collect();
    assert_eq!(accepted, (1..=12).filter(|&n| n != 9).collect::<Vec<_>>());
    assert_eq!(read_ids(&ring, 64), accepted);
}
