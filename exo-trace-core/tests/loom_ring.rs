//! Every interleaving of one writer and one reader over a ring of two small records, by Loom.
//!
//! Run with `RUSTFLAGS="--cfg exo_loom" cargo test -p exo-trace-core --release --test loom_ring`.
//! That these models can fail is proved by `tests/loom/mutants.sh`.
//!
//! What Loom cannot see: it runs each thread's loads and stores in program order, so a load never
//! returns a store that comes later in the execution (no load buffering). Weakening the store of
//! `read` in `Reader::read`, or the load of it in `Writer::has_room`, to `Relaxed` therefore
//! passes here, although it is wrong. The litmus test is load buffering:
//!
//! ```text
//! reader                                writer
//! a = slot.load(Relaxed)                b = read.load(Acquire)
//! read.store(1, Release)                if b == 1 { slot.store(new, Relaxed) }
//! ```
//!
//! Forbidden is `b == 1 && a == new`: the reader copies words that were written after it gave the
//! slot back. With release and acquire the load of `slot` happens before its store, and a load
//! never sees a store it happens before. With either side relaxed nothing orders the two in the
//! C11 model, and Arm may let the reader's store of `read` overtake its load of `slot`. In place of
//! the weak order, the mutants script runs what the weak order would allow, with the two lines
//! swapped by hand; that Loom does see.
//!
//! Nor does it see a next writer that loads `written` relaxed: whoever lends the ring hands it over with
//! an acquire-release pair of its own (`Lane::free`, `Lane::claim`), after which no older value is there
//! to be loaded. Nor a next reader that loads `read` relaxed: the drains hand the rings on through a lock
//! (`Right` in exo-trace-export). The orders of those loads are for those who lend a ring without either.
#![cfg(exo_loom)]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::{Full, Reader, Record, Ring, Slot, SpanId, Writer};
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;
use std::sync::atomic::AtomicUsize as AtomicCount;

/// Words of a record whose name has at most eight bytes; the smallest ring holds two.
const WORDS: usize = 4;

type Words = Box<[Slot]>;

/// A ring that lives for ever, so that its writer can be made before the writer's thread is. It loads its own
/// position when it is made, and where a thread loads a place and then stores to it, Loom never tries that
/// store before another thread's load that came before both (shown in `tests/loom/explored.rs`). A reader
/// loads its own as if that were a store (`own` in `sync.rs`).
fn ring() -> &'static Ring<Words> {
    let slots = (0..2 * WORDS).map(|_| Slot::new(0)).collect();
    Box::leak(Box::new(Ring::from_slots(slots).expect("eight is a power of two")))
}

/// A ring whose next record begins `words` words into its lap, and which is empty.
fn ring_from(words: usize) -> &'static Ring<Words> {
    let ring = ring();
    let writer = ring.writer(|| {});
    for _ in 0..words / 3 {
        push(&writer, 5).expect("there is room");
    }
    ring.reader().skip();
    ring
}

/// Runs `story` in every order, and says how many there were.
fn model(story: impl Fn() + Send + Sync + 'static) {
    let executions = std::sync::Arc::new(AtomicCount::new(0));
    let counted = std::sync::Arc::clone(&executions);
    let mut builder = loom::model::Builder::new();
    builder.max_branches = 100_000;
    builder.check(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        story();
    });
    let test = std::thread::current();
    let executions = executions.load(Ordering::Relaxed);
    println!("{}: {executions} executions, no bound", test.name().unwrap_or_default());
}

fn push<W: Fn()>(writer: &Writer<'_, Words, W>, number: u64) -> Result<(), Full> {
    let (span_id, name) = (SpanId::new(number).expect("not zero"), name_of(number));
    writer.record(&Record::Name { span_id, name })
}

/// Records 1 to 4 take four words each, record 5 takes three, record 6 takes seven.
fn name_of(number: u64) -> &'static str {
    match number {
        1 => "plan one",
        2 => "plan two",
        3 => "plan 3rd",
        4 => "plan 4th",
        5 => "",
        _ => "a name of four words, exactly 32",
    }
}

/// Makes one pass and appends the numbers of the records it found, each whole.
fn pass(reader: &mut Reader<'_, Words>, found: &mut Vec<u64>) {
    let mut words = [0; 2 * WORDS];
    let filled = reader.read(&mut words);
    let mut rest = &words[..filled];
    while let Some(&header) = rest.first() {
        let (record, after) = rest.split_at(Record::words(header));
        rest = after;
        let Ok(Record::Name { span_id, name }) = Record::decode(record) else {
            panic!("torn: {record:x?}")
        };
        assert_eq!(name, name_of(span_id.to_word()), "torn: {record:x?}");
        found.push(span_id.to_word());
    }
}

/// A writer of `pushes` records against a reader of `passes` passes, on a ring made by `start`.
fn hand_off(pushes: u64, passes: usize, start: usize) {
    model(move || {
        let ring = ring_from(start);
        let (recorded, taken) = (ring.recorded(), ring.taken());
        let (writer, mut reader, mut found) = (ring.writer(|| {}), ring.reader(), Vec::new());
        let writing = thread::spawn(move || {
            (1..=pushes).filter(|&number| push(&writer, number).is_ok()).collect::<Vec<_>>()
        });
        for _ in 0..passes {
            pass(&mut reader, &mut found);
        }
        let accepted = writing.join().expect("the writer does not panic");
        pass(&mut reader, &mut found);
        assert_eq!(found, accepted, "each accepted record comes out once, in order");
        assert_eq!(ring.recorded() - recorded, accepted.len());
        assert_eq!(ring.recorded() - recorded + ring.refused(), pushes as usize);
        assert_eq!(ring.taken() - taken, accepted.len());
    });
}

#[test]
fn loom_hand_off() {
    hand_off(2, 2, 0);
}

#[test]
fn loom_full_ring_refuses_and_goes_on() {
    hand_off(3, 2, 0);
}

#[test]
fn loom_next_lap_begins_behind_padding() {
    hand_off(2, 2, 6);
}

#[test]
fn loom_slots_are_written_again_only_after_they_were_read() {
    hand_off(4, 2, 0);
    hand_off(4, 2, 3);
}

/// The drain is parked until the writer's `on_half`, and nothing else wakes it.
fn wake(pushes: u64) {
    model(move || {
        let ring = ring();
        let mut reader = ring.reader();
        let drain = thread::spawn(move || {
            thread::park();
            let mut found = Vec::new();
            pass(&mut reader, &mut found);
            found
        });
        let drain_thread = drain.thread().clone();
        let writer = ring.writer(move || drain_thread.unpark());
        let accepted: Vec<_> =
            (1..=pushes).filter(|&number| push(&writer, number).is_ok()).collect();
        let mut found = drain.join().expect("the drain does not panic");
        assert!(found.contains(&1), "what was published before the crossing is seen by the pass");
        pass(&mut ring.reader(), &mut found);
        assert_eq!(found, accepted);
    });
}

#[test]
fn loom_a_crossing_of_half_always_leads_to_a_pass() {
    wake(2);
}

#[test]
fn loom_a_writer_that_goes_on_after_the_crossing_loses_no_wake() {
    wake(3);
}

/// A record too long for what is left is refused although the ring is not half full.
#[test]
fn loom_a_refusal_below_half_leads_to_a_pass_too() {
    model(|| {
        let ring = ring();
        let mut reader = ring.reader();
        let drain = thread::spawn(move || {
            thread::park();
            let mut found = Vec::new();
            pass(&mut reader, &mut found);
            found
        });
        let drain_thread = drain.thread().clone();
        let writer = ring.writer(move || drain_thread.unpark());
        assert_eq!((push(&writer, 5), push(&writer, 6)), (Ok(()), Err(Full)));
        let mut found = drain.join().expect("the drain does not panic");
        pass(&mut ring.reader(), &mut found);
        assert_eq!(push(&writer, 6), Ok(()), "a lap begins here");
        pass(&mut ring.reader(), &mut found);
        assert_eq!(found, [5, 6]);
    });
}

/// Two crossings, two parks: the second wake is not swallowed by the first.
#[test]
fn loom_every_crossing_wakes_a_drain_that_parks_again() {
    model(|| {
        let ring = ring();
        let (mut reader, is_drained) = (ring.reader(), Arc::new(AtomicBool::new(false)));
        let drain = thread::spawn({
            let is_drained = is_drained.clone();
            move || {
                let mut found = Vec::new();
                thread::park();
                while found.len() < 2 {
                    pass(&mut reader, &mut found);
                    thread::yield_now();
                }
                is_drained.store(true, Ordering::Release);
                thread::park();
                pass(&mut reader, &mut found);
                found
            }
        });
        let drain_thread = drain.thread().clone();
        let writer = ring.writer(move || drain_thread.unpark());
        assert!(push(&writer, 1).is_ok() && push(&writer, 2).is_ok());
        while !is_drained.load(Ordering::Acquire) {
            thread::yield_now();
        }
        assert!(push(&writer, 3).is_ok() && push(&writer, 4).is_ok());
        let mut found = drain.join().expect("the drain does not panic");
        assert!(found.starts_with(&[1, 2, 3]), "{found:?}");
        pass(&mut ring.reader(), &mut found);
        assert_eq!(found, [1, 2, 3, 4]);
    });
}

/// A ring is lent again on another thread, handed over with an acquire-release pair.
#[test]
fn loom_a_next_writer_on_another_thread_goes_on() {
    model(|| {
        let ring = ring();
        let (writer, mut reader, mut found) = (ring.writer(|| {}), ring.reader(), Vec::new());
        let is_retired = Arc::new(AtomicBool::new(false));
        let first = thread::spawn({
            let is_retired = is_retired.clone();
            move || {
                push(&writer, 1).expect("an empty ring has room");
                writer.close();
                is_retired.store(true, Ordering::Release);
                assert_eq!(push(&writer, 3), Err(Full), "a closed writer does not touch the ring");
            }
        });
        let second = thread::spawn(move || {
            is_retired.load(Ordering::Acquire) && push(&ring.writer(|| {}), 2).is_ok()
        });
        pass(&mut reader, &mut found);
        first.join().expect("the first writer does not panic");
        let is_lent = second.join().expect("the second writer does not panic");
        pass(&mut reader, &mut found);
        assert_eq!(found, if is_lent { &[1, 2][..] } else { &[1] });
        assert_eq!((ring.recorded(), ring.taken()), (found.len(), found.len()));
    });
}
