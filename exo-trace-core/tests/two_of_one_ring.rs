//! A ring has one writer and one reader; where there are two all the same, nothing comes out twice.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod board;

use board::Board;
use exo_trace_core::compact::{Record, Recorder, Ring, RingRef, Site, Sites, Slot, site};
use exo_trace_core::{Outcome, Reader};

static STEP: Site = site!("agent.step");
static SITES: &[&[Site]] = &[&[STEP]];

/// The ids of the spans that a reader finds.
fn ids(reader: &mut Reader<'_, [Slot], Slot>, room: usize) -> Vec<u32> {
    let mut words = vec![0; room];
    let filled = reader.read(&mut words);
    let spans = words[..filled].chunks(6).map(|span| Record::decode(span).expect("a span"));
    spans.map(|span| if let Record::Span { id, .. } = span { id.count() } else { 0 }).collect()
}

fn record(recorder: &Recorder<'_, Board>, spans: usize) {
    (0..spans).for_each(|_| recorder.start(&STEP).end(Outcome::Ended));
}

#[test]
fn of_two_readers_that_take_turns_each_goes_on_where_the_other_one_stopped() {
    static RING: Ring<64> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    let (mut one, mut other) = (RING.by_ref().reader(), RING.by_ref().reader());
    record(&recorder, 3);
    assert_eq!(ids(&mut one, 12), [1, 2]);
    assert_eq!(ids(&mut other, 64), [3]);
    assert_eq!(ids(&mut one, 64), [], "nothing comes out twice");
    record(&recorder, 1);
    assert_eq!(other.skip(), 1);
    assert!(one.has_reached(one.written()));
    let ring: RingRef<'_> = RING.by_ref();
    assert_eq!((ring.recorded(), ring.taken(), ring.refused()), (4, 4, 0));
}

#[test]
fn what_a_recorder_writes_that_is_left_over_does_not_bring_old_spans_back() {
    static RING: Ring<64> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    let left_over = Recorder::new(&RING, Board::default());
    let mut reader = RING.by_ref().reader();
    record(&recorder, 3);
    assert_eq!(ids(&mut reader, 64), [1, 2, 3]);
    record(&left_over, 1);
    assert_eq!(ids(&mut reader, 64), [], "what it wrote is behind the reader");
    record(&recorder, 1);
    assert_eq!(ids(&mut reader, 64), [5]);
}
