//! A lane goes from thread to thread and no record stays behind, in every order Loom can find.
//!
//! The drain looks at the mark, empties the ring, and frees the lane if the mark was there. A free
//! lane is therefore an empty one: nobody looks into it again until a thread claims it.
//!
//! Run with `RUSTFLAGS="--cfg exo_loom" cargo test -p exo-trace-std --release --test loom_lane`.
#![cfg(exo_loom)]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::{Reader, Record, Slot, SpanId};
use exo_trace_std::Lane;
use loom::model::Builder;
use loom::sync::Arc;
use loom::thread;

/// Two records of [`name`]'s length.
const RING_WORDS: usize = 8;

/// One pass of the drain; tells whether it freed the lane.
type Pass = fn(&Lane, &mut Reader<'_, Box<[Slot]>>, &mut Vec<u64>) -> bool;

/// Checks `story` in every order with at most three preemptions.
fn check(story: impl Fn() + Sync + Send + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(3);
    builder.max_branches = 100_000;
    builder.check(story);
}

fn claimed() -> Arc<Lane> {
    Arc::new(Lane::claimed(RING_WORDS).expect("a power of two"))
}

/// Appends a record of four words that says `number`.
fn write(lane: &Lane, number: u64) {
    let span_id = SpanId::new(number).expect("not zero");
    let writer = lane.writer(|| {});
    writer.record(&Record::Name { span_id, name: "x" }).expect("the ring has room");
    writer.close();
}

/// Adds the numbers of all records there are to `numbers`.
fn empty(reader: &mut Reader<'_, Box<[Slot]>>, numbers: &mut Vec<u64>) {
    let mut words = [0; RING_WORDS];
    let filled = reader.read(&mut words);
    let mut rest = &words[..filled];
    while let Some(&header) = rest.first() {
        let (record, after) = rest.split_at(Record::words(header));
        match Record::decode(record) {
            Ok(Record::Name { span_id, name: "x" }) => numbers.push(span_id.to_word()),
            other => panic!("{other:?}, expected a name"),
        }
        rest = after;
    }
}

/// Looks at the mark, then empties.
fn look_then_empty(
    lane: &Lane,
    reader: &mut Reader<'_, Box<[Slot]>>,
    numbers: &mut Vec<u64>,
) -> bool {
    let is_retired = lane.is_retired();
    empty(reader, numbers);
    if is_retired {
        lane.free();
    }
    is_retired
}

/// The mutant: empties, then looks at the mark.
fn empty_then_look(
    lane: &Lane,
    reader: &mut Reader<'_, Box<[Slot]>>,
    numbers: &mut Vec<u64>,
) -> bool {
    empty(reader, numbers);
    let is_retired = lane.is_retired();
    if is_retired {
        lane.free();
    }
    is_retired
}

/// Drains the lane until it was freed `times` times and returns the numbers it read.
fn drain(lane: &Lane, pass: Pass, times: usize) -> Vec<u64> {
    let (mut reader, mut numbers, mut freed) = (lane.reader(), Vec::new(), 0);
    loop {
        freed += usize::from(pass(lane, &mut reader, &mut numbers));
        if freed == times {
            return numbers;
        }
        thread::yield_now();
    }
}

/// A thread writes and dies while the drain passes.
fn a_thread_dies(pass: Pass) {
    let lane = claimed();
    let dying = {
        let lane = lane.clone();
        thread::spawn(move || {
            write(&lane, 1);
            write(&lane, 2);
            lane.retire();
        })
    };
    assert_eq!(drain(&lane, pass, 1), [1, 2], "what the drain read before it freed the lane");
    dying.join().expect("the thread does not panic");
}

/// A second thread takes the lane, if it finds it free, while the drain passes over the first one's.
fn a_lane_is_lent_again(pass: Pass) {
    let lane = claimed();
    let (first, second) = (lane.clone(), lane.clone());
    let first = thread::spawn(move || {
        write(&first, 1);
        first.retire();
    });
    let second = thread::spawn(move || {
        let is_lent = second.claim();
        if is_lent {
            assert_eq!(second.ring().taken(), second.ring().recorded(), "a free lane is empty");
            write(&second, 2);
            second.retire();
        }
        is_lent
    });
    let (mut reader, mut numbers) = (lane.reader(), Vec::new());
    pass(&lane, &mut reader, &mut numbers);
    pass(&lane, &mut reader, &mut numbers);
    first.join().expect("the first thread does not panic");
    let is_lent = second.join().expect("the second thread does not panic");
    pass(&lane, &mut reader, &mut numbers);
    let written: &[u64] = if is_lent { &[1, 2] } else { &[1] };
    assert_eq!(numbers, written, "each record once, in order");
}

#[test]
fn loom_the_last_record_of_a_dying_thread_is_read() {
    check(|| a_thread_dies(look_then_empty));
}

#[test]
#[should_panic(expected = "what the drain read before it freed the lane")]
fn loom_a_drain_that_empties_before_it_looks_leaves_a_record_behind() {
    check(|| a_thread_dies(empty_then_look));
}

#[test]
fn loom_the_next_thread_gets_an_empty_lane_and_writes_on() {
    check(|| a_lane_is_lent_again(look_then_empty));
}

#[test]
#[should_panic(expected = "a free lane is empty")]
fn loom_a_lane_freed_by_the_wrong_drain_is_not_empty() {
    check(|| a_lane_is_lent_again(empty_then_look));
}

#[test]
fn loom_two_threads_never_claim_one_lane() {
    check(|| {
        let lane = claimed();
        lane.retire();
        lane.free();
        let rivals = [lane.clone(), lane.clone()].map(|lane| thread::spawn(move || lane.claim()));
        let claims = rivals.map(|rival| rival.join().expect("claiming does not panic"));
        assert_eq!(claims.iter().filter(|&&is_mine| is_mine).count(), 1);
    });
}

#[test]
fn loom_a_lane_that_is_retired_and_not_drained_is_nobodys() {
    check(|| {
        let lane = claimed();
        let claimant = lane.clone();
        let claimant = thread::spawn(move || claimant.claim());
        write(&lane, 1);
        lane.retire();
        assert!(!claimant.join().expect("claiming does not panic"), "it was never free");
        assert_eq!(drain(&lane, look_then_empty, 1), [1]);
        assert!(lane.claim(), "it is free now");
    });
}
