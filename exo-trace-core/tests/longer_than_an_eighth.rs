//! A record longer than an eighth of the ring loses its attributes, never itself.
//!
//! A span says how many it lost. A text that is too long by itself has nothing to give up: that
//! record is refused, and counted.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod owned_record;

use exo_trace_core::{Full, Record, Ring, Slot};
use owned_record::{OwnedAttribute, OwnedRecord, OwnedValue, Said, any_record};
use proptest::prelude::*;

fn attributes(count: usize, text: &str) -> Vec<OwnedAttribute> {
    let value = OwnedValue::Text(text.to_owned());
    (0..count)
        .map(|_| OwnedAttribute { key: 0, order: 255, is_cut: false, value: value.clone() })
        .collect()
}

/// Sends `record` through an empty ring and shows what comes out to `see`.
fn through(ring_words: usize, record: &OwnedRecord, see: impl FnOnce(Result<&Record<'_>, Full>)) {
    let slots: Box<[Slot]> = (0..ring_words).map(|_| Slot::new(0)).collect();
    let ring = Ring::from_slots(slots).expect("a power of two");
    let answer = record.with(|record| ring.writer(|| {}).record(record));
    let mut words = vec![0; ring_words];
    let filled = ring.reader().read(&mut words);
    assert_eq!((ring.recorded(), ring.refused()), if answer.is_ok() { (1, 0) } else { (0, 1) });
    match answer {
        Ok(()) => see(Record::decode(&words[..filled]).as_ref().map_err(|_| Full)),
        Err(Full) => see(Err(Full)),
    }
}

#[test]
fn facts_of_an_eighth_keep_their_attributes_and_one_word_more_loses_them() {
    for (bytes, kept) in [((128 - 3) * 8, 1), ((128 - 3) * 8 + 1, 0)] {
        let attributes = attributes(1, &"x".repeat(bytes));
        let facts = OwnedRecord { span: 3, said: Said::Facts, attributes };
        through(1024, &facts, |record| {
            let Ok(Record::Facts(facts)) = record else { panic!("facts stay facts") };
            assert_eq!((facts.attributes.len(), facts.span_id.to_word()), (kept, 3));
        });
    }
}

#[test]
fn more_attributes_than_a_header_can_count_are_lost_together() {
    for (count, kept) in [(255, 255), (256, 0)] {
        let facts = OwnedRecord { span: 3, said: Said::Facts, attributes: attributes(count, "") };
        through(1 << 14, &facts, |record| {
            let Ok(Record::Facts(facts)) = record else { panic!("facts stay facts") };
            assert_eq!(facts.attributes.len(), kept);
        });
    }
}

#[test]
fn a_name_that_is_too_long_by_itself_is_refused_and_counted() {
    for (words, is_kept) in [(128 - 3, true), (128 - 2, false)] {
        let said = Said::Name { name: "x".repeat(words * 8) };
        let name = OwnedRecord { span: 3, said, attributes: Vec::new() };
        through(1024, &name, |record| assert_eq!(record.is_ok(), is_kept));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_span_is_never_too_long(
        bits in 5..14_u32, record in any_record(900), extra in 0..300_usize,
    ) {
        let mut record = record;
        record.attributes.extend(attributes(extra, "text"));
        let offered = record.attributes.len();
        if let Said::Span { dropped: before, .. } = record.said {
            through(1 << bits, &record, |kept| {
                let Ok(Record::Span(span)) = kept else { panic!("a span stays a span") };
                let lost = u16::try_from(offered - span.attributes.len()).expect("a few hundred");
                assert!(lost == 0 || span.attributes.is_empty(), "all or nothing");
                assert_eq!(span.dropped.attributes, before.attributes.saturating_add(lost));
                assert_eq!((span.dropped.events, span.dropped.links), (before.events, before.links));
            });
        }
    }
}
