//! Spans of a small chip know their family, their values and how they ended; what does not fit is counted.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod board;

use board::{Board, read, spans};
use exo_trace_core::compact::{
    Record, Recorder, Ring, Site, SiteHead, Sites, Target, Value32, site,
};
use exo_trace_core::{Outcome, SpanContext, SpanKind};

static STEP: Site = site!("agent.step", ["exo.agent.step"]);
static READ: Site = site!("sensor.read", Client, ["exo.agent.step", "celsius", "is_late", "tries"]);
static NOTE: Site = site!("note", ["text"]);
static UNLISTED: Site = site!("nobody.lists.me");
static SITES: &[&[Site]] = &[&[STEP], &[READ, NOTE]];

#[test]
fn a_span_inside_another_is_its_child_and_of_its_trace() {
    static RING: Ring<128> = Ring::new();
    let board = Board::at(100);
    let recorder = Recorder::new(&RING, &board);
    Sites::new(SITES);
    {
        let mut step = recorder.start(&STEP);
        step.set(0, 7);
        board.wait(5);
        drop(recorder.start(&READ));
        board.wait(5);
    }
    drop(recorder.start(&UNLISTED));
    let [read, step, alone] = spans(RING.by_ref())[..] else { panic!("three spans") };
    assert_eq!((step.parent, step.root, step.site), (None, step.id, 1));
    assert_eq!((read.parent, read.root, read.site), (Some(step.id), step.id, 2));
    assert_eq!((alone.parent, alone.root, alone.site), (None, alone.id, 0));
    assert_eq!((step.start, step.end, read.start, read.end), (100, 110, 105, 105));
}

#[test]
fn each_value_stands_at_the_place_of_its_key_and_what_was_not_said_is_not_there() {
    static RING: Ring<64> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    let mut span = recorder.start(&READ);
    span.set(3, 2_u16);
    span.set(1, 21.5);
    span.set(1, -3);
    span.set(2, true);
    drop(span);
    let [span] = spans(RING.by_ref())[..] else { panic!("one span") };
    let said: Vec<_> = span.values.iter().collect();
    let expected = [(1, Value32::Int(-3)), (2, Value32::Bool(true)), (3, Value32::Unsigned(2))];
    assert_eq!((said.as_slice(), span.dropped), (expected.as_slice(), 0));
}

#[test]
fn a_value_without_a_key_is_refused_and_the_span_says_how_many() {
    static RING: Ring<64> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    let mut span = recorder.start(&STEP);
    span.set(0, 1);
    span.set(1, 2);
    span.set(2, true);
    span.set(9, 2.5);
    drop(span);
    let [span] = spans(RING.by_ref())[..] else { panic!("one span") };
    assert_eq!((span.values.len(), span.dropped, RING.by_ref().refused()), (1, 2, 1));
}

#[test]
fn a_site_that_nobody_listed_has_room_for_any_values_and_says_what_was_said() {
    static RING: Ring<64> = Ring::new();
    let recorder = Recorder::new(&RING, Board::default());
    let mut span = recorder.start(&UNLISTED);
    span.set(1, 21.5);
    recorder.event(&UNLISTED, &[Value32::Int(1), Value32::Int(2), Value32::Int(3)]);
    drop(span);
    let records = read(RING.by_ref());
    let records: Vec<_> = records.iter().map(|words| Record::decode(words)).collect();
    let [Ok(Record::Event { site: 0, values: of_event, .. }), Ok(Record::Span { values, .. })] =
        &records[..]
    else {
        panic!("an event and a span: {records:?}")
    };
    assert_eq!(of_event.len(), 3);
    assert_eq!(values.iter().collect::<Vec<_>>(), [(1, Value32::Float(21.5))]);
    assert_eq!(RING.by_ref().refused(), 0);
}

#[test]
fn an_outcome_is_what_its_caller_said() {
    static RING: Ring<64> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    recorder.start(&STEP).end(Outcome::Error);
    recorder.in_span(&STEP, |span| span.set_outcome(Outcome::Panic));
    drop(recorder.start(&STEP));
    let outcomes: Vec<_> = spans(RING.by_ref()).iter().map(|span| span.outcome).collect();
    assert_eq!(outcomes, [Outcome::Error, Outcome::Panic, Outcome::Ended]);
}

#[test]
fn what_is_said_inside_a_span_joins_it() {
    static RING: Ring<128> = Ring::new();
    let board = Board::at(40);
    let recorder = Recorder::new(&RING, &board);
    Sites::new(SITES);
    let span = recorder.start(&STEP);
    let id = span.id().expect("it is recorded");
    recorder.event(&READ, &[Value32::Int(3), Value32::Float(0.5)]);
    recorder.attributes(&STEP, &[Value32::Bool(false)]);
    recorder.text(&NOTE, "21 °C");
    recorder.link(Target::Local(id));
    drop(span);
    let records = read(RING.by_ref());
    let records: Vec<_> = records.iter().map(|words| Record::decode(words)).collect();
    let [Ok(event), Ok(attributes), Ok(text), Ok(link), Ok(Record::Span { .. })] = records[..]
    else {
        panic!("five records: {records:?}")
    };
    let Record::Event { site: 2, span, ticks: 40, values } = event else { panic!("{event:?}") };
    assert_eq!((span, values.get(1)), (id, Some(Value32::Float(0.5))));
    let Record::Attributes { site: 1, span, values } = attributes else { panic!("{attributes:?}") };
    assert_eq!((span, values.get(0)), (id, Some(Value32::Bool(false))));
    assert_eq!(text, Record::Text { site: 3, span: id, is_cut: false, text: "21 °C" });
    assert_eq!(link, Record::Link { span: id, to: Target::Local(id) });
}

#[test]
fn a_long_text_is_cut_on_a_character() {
    static RING: Ring<64> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    let span = recorder.start(&STEP);
    recorder.text(&NOTE, &"語".repeat(40));
    drop(span);
    let records = read(RING.by_ref());
    let Ok(Record::Text { is_cut: true, text, .. }) = Record::decode(&records[0]) else {
        panic!("a text that is cut")
    };
    assert_eq!(text, "語".repeat(29));
}

#[test]
fn what_is_said_outside_any_span_is_refused_and_counted() {
    static RING: Ring<64> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    recorder.event(&STEP, &[]);
    recorder.text(&NOTE, "nobody");
    assert_eq!((RING.by_ref().recorded(), RING.by_ref().refused()), (0, 2));
    let span = recorder.start(&STEP);
    recorder.event(&STEP, &[Value32::Int(1), Value32::Int(2), Value32::Int(3)]);
    drop(span);
    assert_eq!((RING.by_ref().recorded(), RING.by_ref().refused()), (2, 4));
}

#[test]
fn a_site_is_of_the_kind_that_was_said() {
    static SERVER: Site = site!("answer", Server);
    static PRODUCER: Site = site!("put", Producer, ["words"]);
    static CONSUMER: Site = site!("take", Consumer);
    let kinds = [STEP, SERVER, READ, PRODUCER, CONSUMER].map(|site| site.kind());
    let expected = ["internal", "server", "client", "producer", "consumer"];
    assert_eq!(kinds.map(SpanKind::as_str), expected);
    assert_eq!((PRODUCER.name(), PRODUCER.text()), ("put", "put\0words"));
}

#[test]
fn a_site_whose_name_a_frame_would_cut_is_none() {
    static HEAD: SiteHead = SiteHead::new();
    let made = |bytes: usize| {
        let frame: &str = format!("\0{}", "x".repeat(bytes)).leak();
        std::panic::catch_unwind(|| Site::new(&HEAD, frame, 0))
    };
    assert!(made(243).is_ok() && made(244).is_err());
}

#[test]
fn a_full_ring_refuses_and_says_so_and_goes_on_when_it_was_read() {
    static RING: Ring<64> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    (0..20).for_each(|_| drop(recorder.start(&STEP)));
    let ring = RING.by_ref();
    let recorded = ring.recorded();
    assert_eq!((recorded + ring.refused(), recorded), (20, 9));
    assert_eq!(spans(ring).len(), recorded);
    drop(recorder.start(&STEP));
    assert_eq!((spans(ring).len(), ring.taken()), (1, recorded + 1));
}

#[test]
fn a_text_that_no_lap_has_room_for_is_refused_alone() {
    static RING: Ring<32> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    let span = recorder.start(&UNLISTED);
    let id = span.id().expect("it is recorded");
    (0..3).for_each(|_| recorder.link(Target::Local(id)));
    // Nine words are taken: what is left of the lap is too short for it, and so is the ring besides.
    recorder.text(&NOTE, &"x".repeat(88));
    let ring = RING.by_ref();
    assert_eq!((ring.recorded(), ring.refused(), read(ring).len()), (3, 1, 3));
    drop(span);
    let records = read(ring);
    let records: Vec<_> = records.iter().map(|words| Record::decode(words)).collect();
    let [Ok(Record::Span { id: own, .. })] = records[..] else { panic!("one span: {records:?}") };
    assert_eq!((own, ring.recorded(), ring.refused()), (id, 4, 1));
}

#[test]
fn a_trace_that_the_host_began_goes_on_and_its_children_with_it() {
    static RING: Ring<128> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    let asked = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let asked = SpanContext::from_traceparent(asked).expect("well formed");
    let outer = recorder.start(&STEP);
    let answer = recorder.continue_trace(&READ, &asked);
    drop(recorder.start(&STEP));
    drop(answer);
    let after = recorder.start(&STEP);
    drop((after, outer));
    let records = read(RING.by_ref());
    let Ok(Record::Context { root, remote }) = Record::decode(&records[0]) else {
        panic!("a context first")
    };
    assert_eq!(remote, asked);
    let found: Vec<_> = records
        .iter()
        .filter_map(|words| match Record::decode(words) {
            Ok(Record::Span { id, parent, root, .. }) => Some((id, parent, root)),
            _ => None,
        })
        .collect();
    let [child, answer, after, outer] = found[..] else { panic!("four spans") };
    assert_eq!(answer, (root, None, root));
    assert_eq!((child.1, child.2), (Some(root), root));
    assert_eq!((after.1, after.2), (Some(outer.0), outer.0));
}

#[test]
fn nothing_of_a_trace_that_is_not_sampled_is_recorded_or_lost() {
    static RING: Ring<128> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    let asked = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    let asked = SpanContext::from_traceparent(asked).expect("well formed");
    let outer = recorder.start(&STEP);
    {
        let answer = recorder.continue_trace(&READ, &asked);
        assert_eq!((answer.id(), recorder.current()), (None, None));
        let _child = recorder.start(&STEP);
        recorder.event(&STEP, &[]);
        recorder.text(&NOTE, "nobody reads this");
    }
    assert_eq!(recorder.current(), outer.id());
    drop(outer);
    assert_eq!(spans(RING.by_ref()).len(), 1);
    assert_eq!((RING.by_ref().recorded(), RING.by_ref().refused()), (1, 0));
}
