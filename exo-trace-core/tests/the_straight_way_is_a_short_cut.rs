//! A span that goes the straight way leaves the same record as on the long one, or nothing at all.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::{
    Before, Callsite, CallsiteFacts, Clock, Current, InternedKey, Key, OpenSpan, Outcome, Record,
    Recorder, Ring, Slot, SpanKind, Value,
};
use std::cell::Cell;

/// Counts up; what is coarse stands ten ticks behind.
struct EachCallOneTick(Cell<u64>);

impl Clock for EachCallOneTick {
    fn ticks(&self) -> u64 {
        self.0.replace(self.0.get() + 1)
    }

    fn coarse_ticks(&self) -> u64 {
        self.ticks() - 10
    }
}

const WORDS: usize = 256;
/// A span without attributes.
const BARE: usize = 7;
/// A span with one.
const WITH_ONE: usize = 9;

type Desk = Ring<[Slot; WORDS]>;
type Pen<'r> = Recorder<'r, [Slot; WORDS], EachCallOneTick, fn()>;

static STEP: InternedKey = InternedKey::new(Key::new("exo.agent.step"));
static FETCH: Callsite = Callsite::new(&CallsiteFacts {
    name: "fetch",
    kind: SpanKind::Client,
    function: "",
    module: module_path!(),
    file: file!(),
    line: line!(),
    scope_name: "tests",
    scope_version: "1.0",
    attributes: &[],
});

fn pen(ring: &Desk) -> Pen<'_> {
    let pen = Recorder::new(EachCallOneTick(Cell::new(100)));
    let nobody: fn() = || {};
    pen.lend(ring.writer(nobody), 42).expect("it had no ring yet");
    pen
}

/// Makes a root current and writes another span: the ring's writer then knows half of it to be free.
fn begun(pen: &Pen<'_>) -> OpenSpan {
    let root = pen.start(None, pen.root(true));
    pen.enter(root.as_current()).expect("nobody is current");
    let first = pen.start(None, root.as_current());
    pen.end(&first, Outcome::Ended).expect("the ring has room");
    root
}

fn child(pen: &Pen<'_>, root: &OpenSpan) -> (OpenSpan, Before) {
    let callsite = FETCH.id().expect("the table has room");
    let child = pen.begin(callsite, root.as_current()).with_room();
    let before = pen.enter_below(child.as_current(), child.parent_word());
    (child, before.expect("its parent is current"))
}

fn keep(span: &mut OpenSpan, count: u8) {
    (1..=count).for_each(|order| assert!(span.keep(STEP.id(), order, Value::I64(7))));
}

fn words(ring: &Desk) -> Vec<u64> {
    let mut words = [0; WORDS];
    let filled = ring.reader().read(&mut words);
    words[..filled].to_vec()
}

#[test]
fn both_ways_write_the_same_words_and_give_the_parent_back() {
    for attributes in 0..4 {
        let (straight, long) = (Desk::new(), Desk::new());

        let pen_of_one = pen(&straight);
        let root = begun(&pen_of_one);
        let (mut span, before) = child(&pen_of_one, &root);
        assert_eq!(pen_of_one.current(), span.as_current());
        keep(&mut span, attributes);
        assert!(pen_of_one.finish(&span, before));
        assert_eq!(pen_of_one.current(), root.as_current());

        let pen_of_other = pen(&long);
        let root = begun(&pen_of_other);
        let mut span = pen_of_other.start(FETCH.id(), root.as_current());
        let before = pen_of_other.enter(span.as_current()).expect("of the same trace");
        keep(&mut span, attributes);
        assert!(pen_of_other.leave(&mut span, before));
        pen_of_other.end(&span, Outcome::Ended).expect("the ring has room");

        assert_eq!((straight.recorded(), straight.recorded()), (2, long.recorded()));
        let (straight, long) = (words(&straight), words(&long));
        assert_eq!(straight, long);
        let Ok(Record::Span(span)) = Record::decode(&straight[BARE..]) else { panic!("a span") };
        assert_eq!(span.attributes.len(), usize::from(attributes));
    }
}

#[test]
fn a_coarse_span_has_coarse_times_on_both_ways() {
    let ring = Desk::new();
    let pen = pen(&ring);
    let root = begun(&pen);
    let callsite = FETCH.id().expect("the table has room");
    let plain = child(&pen, &root);
    assert!(pen.coarse_room(&plain.0).is_none(), "its times are exact");
    assert!(pen.finish(&plain.0, plain.1));

    let span = pen.begin_coarse(callsite, root.as_current()).with_room();
    let before = pen.enter_below(span.as_current(), span.parent_word()).expect("it is current");
    assert!(!pen.finish(&span, before), "its times are coarse");
    let (room, end_ticks) = pen.coarse_room(&span).expect("the ring has room");
    let now = pen.ticks();
    assert_eq!((end_ticks - span.start_ticks(), now - end_ticks), (1, 11));
    pen.publish(span.write(room, end_ticks), before);
    assert_eq!(pen.current(), root.as_current());
    let words = words(&ring);
    let Ok(Record::Span(record)) = Record::decode(&words[2 * BARE..]) else { panic!("a span") };
    assert_eq!((record.start_ticks, record.end_ticks), (span.start_ticks(), end_ticks));
}

#[test]
fn below_anything_but_its_parent_a_span_does_not_go_straight() {
    let ring = Desk::new();
    let pen = pen(&ring);
    let root = pen.start(None, pen.root(true));
    assert!(pen.enter_below(root.as_current(), root.parent_word()).is_none(), "it is a root");
    let stranger = pen.start(None, root.as_current());
    assert!(pen.enter_below(stranger.as_current(), stranger.parent_word()).is_none());
    assert_eq!(pen.current(), Current::NONE);
    pen.enter(root.as_current()).expect("nobody is current");
    assert!(pen.enter_below(stranger.as_current(), 7).is_none(), "its parent is another");
    assert_eq!(pen.current(), root.as_current());
}

#[test]
fn a_span_that_is_not_current_any_more_does_not_end_straight() {
    let ring = Desk::new();
    let pen = pen(&ring);
    let root = begun(&pen);
    let (outer, before_outer) = child(&pen, &root);
    let (inner, before_inner) = child(&pen, &outer);
    assert!(!pen.finish(&outer, before_outer), "the inner one is current");
    assert_eq!((pen.current(), ring.recorded()), (inner.as_current(), 1));
    assert!(pen.finish(&inner, before_inner));
    pen.replace_current(outer.as_current().foreign());
    assert!(!pen.finish(&outer, before_outer), "somebody was told of it meanwhile");
    pen.replace_current(outer.as_current());
    assert!(pen.finish(&outer, before_outer));
    assert_eq!(ring.recorded(), 3);
}

/// Ends spans until so many words are left before the writer has to look where the reader is.
fn fill_up_to(left: usize, pen: &Pen<'_>, root: &OpenSpan) {
    let used = WORDS / 2 - BARE - left;
    let with_one =
        (0..BARE).find(|count| (used - count * WITH_ONE).is_multiple_of(BARE)).expect("coprime");
    let bare = (used - with_one * WITH_ONE) / BARE;
    for attributes in [1].repeat(with_one).into_iter().chain([0].repeat(bare)) {
        let (mut span, before) = child(pen, root);
        keep(&mut span, attributes);
        assert!(pen.finish(&span, before));
    }
}

#[test]
fn a_span_that_does_not_fit_before_the_writer_has_to_look_goes_the_long_way() {
    for (attributes, left, fits) in
        [(0, BARE, true), (0, BARE - 1, false), (1, WITH_ONE, true), (1, WITH_ONE - 1, false)]
    {
        let ring = Desk::new();
        let pen = pen(&ring);
        let root = begun(&pen);
        fill_up_to(left, &pen, &root);
        let (mut span, before) = child(&pen, &root);
        keep(&mut span, attributes);
        let recorded = ring.recorded();
        assert_eq!(pen.finish(&span, before), fits, "{attributes} attributes, {left} words left");
        assert_eq!(ring.recorded() - recorded, usize::from(fits));
        if !fits {
            assert_eq!(pen.current(), span.as_current(), "nothing was done");
            assert!(pen.leave(&mut span, before));
            pen.end(&span, Outcome::Ended).expect("half of the ring is free");
        }
    }
}

#[test]
fn without_a_ring_nothing_goes_straight() {
    let pen: Pen<'_> = Recorder::new(EachCallOneTick(Cell::new(100)));
    let root = pen.start(None, pen.root(true));
    pen.enter(root.as_current()).expect("nobody is current");
    let (span, before) = child(&pen, &root);
    assert!(!pen.finish(&span, before));
    assert_eq!(pen.current(), span.as_current());
    let span_id = span.span_id().expect("it is recording");
    assert!(!pen.record_short_text(span_id, STEP.id(), 1, "plan"));
}

#[test]
fn a_short_text_is_the_same_record_on_both_ways() {
    for text in ["", "plan", "as long as it may be: 104 bytes, which are thirteen words"] {
        let (straight, long) = (Desk::new(), Desk::new());
        let (one, other) = (pen(&straight), pen(&long));
        let (root, _) = (begun(&one), begun(&other));
        let span_id = root.span_id().expect("it is recording");
        assert!(one.record_short_text(span_id, STEP.id(), 3, text));
        other.record_text(span_id, STEP.id(), 3, false, text).expect("the ring has room");
        assert_eq!((straight.recorded(), long.recorded()), (2, 2));
        assert_eq!(words(&straight), words(&long));
    }
}

#[test]
fn a_text_that_needs_a_thought_is_left_to_the_long_way() {
    let ring = Desk::new();
    let pen = pen(&ring);
    let root = begun(&pen);
    let span_id = root.span_id().expect("it is recording");
    assert!(!pen.record_short_text(span_id, STEP.id(), 1, &"long ".repeat(40)));
    fill_up_to(BARE - 4, &pen, &root);
    let recorded = ring.recorded();
    assert!(!pen.record_short_text(span_id, STEP.id(), 1, "four words"), "three are left");
    assert_eq!(ring.recorded(), recorded);
}
