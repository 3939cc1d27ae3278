//! Words that were decoded once are read again to the same record, and what is wrong with others is said in words.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod owned_record;

use exo_trace_core::{
    DecodeError, Facts, Fields, InternedKey, Key, Record, Ring, Slot, SpanId, StatusCode,
    StatusRecord, Value, Written,
};
use owned_record::any_record;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_second_reading_says_what_the_first_said(record in any_record(40)) {
        let ring = Ring::<[Slot; 1024]>::new();
        prop_assume!(record.with(|record| ring.writer(|| {}).record(record)).is_ok());
        let mut words = [0; 1024];
        let filled = ring.reader().read(&mut words);
        let words = &words[..filled];
        let first = Record::decode(words).expect("a writer wrote it");
        prop_assert_eq!(Record::decode_again(words), Some(first));
        let span = if let Record::Span(span) = first { Some(span) } else { None };
        prop_assert_eq!(Record::span_again(words), span);
    }
}

static STEP: InternedKey = InternedKey::new(Key::new("exo.agent.step"));

fn said(value: i64) -> [Written<'static>; 1] {
    [Written { key: STEP.id(), order: 1, is_cut: false, value: Value::I64(value) }]
}

#[test]
fn attributes_are_equal_when_they_say_the_same() {
    let (seven, eight) = (said(7), said(8));
    let span_id = SpanId::new(7).expect("not zero");
    assert_ne!(Fields::Borrowed(&seven), Fields::Borrowed(&eight));
    assert_ne!(Fields::Borrowed(&seven), Fields::NONE);
    assert!(Fields::NONE.is_empty() && !Fields::Borrowed(&seven).is_empty());

    let ring = Ring::<[Slot; 64]>::new();
    let facts = Facts { span_id, attributes: Fields::Borrowed(&seven) };
    ring.writer(|| {}).record(&Record::Facts(facts)).expect("an empty ring has room");
    let mut words = [0; 64];
    let filled = ring.reader().read(&mut words);
    let read = Record::decode(&words[..filled]).expect("a writer wrote it");
    assert_eq!(read, Record::Facts(facts), "borrowed or encoded");
    let other = Facts { span_id, attributes: Fields::Borrowed(&eight) };
    assert_ne!(read, Record::Facts(other));
}

#[test]
fn an_attribute_knows_how_many_words_it_takes() {
    let words = |value| Written { value, ..said(7)[0] }.words();
    let lengths = [Value::Empty, Value::Bool(true), Value::Text("nine byte"), Value::Text("")];
    assert_eq!(lengths.map(words), [1, 2, 3, 1], "the header among them");
}

#[test]
fn a_status_has_the_names_of_the_specification() {
    let names = [StatusCode::Unset, StatusCode::Error, StatusCode::Ok].map(StatusCode::as_str);
    assert_eq!(names, ["unset", "error", "ok"]);
}

#[test]
fn what_is_wrong_with_a_record_is_said_with_what_was_expected() {
    let span_id = SpanId::new(7).expect("not zero");
    let ring = Ring::<[Slot; 64]>::new();
    let status = StatusRecord { span_id, code: StatusCode::Error, description: "cut" };
    ring.writer(|| {}).record(&Record::Status(status)).expect("an empty ring has room");
    let mut words = [0; 64];
    let filled = ring.reader().read(&mut words);
    let refused = |words: &[u64]| Record::decode(words).expect_err("damaged").to_string();
    assert_eq!(refused(&[]), "record ends before its last word");
    assert_eq!(refused(&words[..=filled]), "record has another length than its header says");
    words[1] = 0;
    assert_eq!(refused(&words[..filled]), "record has an id of zero");
    let said = [DecodeError::Kind(9), DecodeError::StatusCode, DecodeError::Attribute];
    assert_eq!(
        said.map(|error| error.to_string()),
        [
            "record kind is 9, expected 1 to 7",
            "status code is unknown, expected 0 to 2",
            "attribute has an unknown type",
        ]
    );
    assert_eq!(DecodeError::Text.to_string(), "text is not UTF-8");
}

#[test]
fn a_ring_and_its_sides_show_where_they_stand_and_no_words() {
    let ring = Ring::<[Slot; 64]>::new();
    let writer = ring.writer(|| {});
    let mut reader = ring.reader();
    let span_id = SpanId::new(7).expect("not zero");
    writer.record(&Record::Name { span_id, name: "plan" }).expect("an empty ring has room");
    reader.skip();
    let at = reader.written();
    assert_eq!(format!("{ring:?}"), "Ring { .. }");
    assert_eq!(format!("{writer:?}"), format!("Writer {{ written: {at}, .. }}"));
    assert_eq!(format!("{reader:?}"), format!("Reader {{ read: {at}, .. }}"));
}
