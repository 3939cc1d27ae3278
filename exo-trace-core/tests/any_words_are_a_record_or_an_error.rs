//! Any words are a record or an error, never a panic; what was encoded decodes to the same.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod owned_record;

use exo_trace_core::{
    DecodeError, Facts, Fields, InternedKey, Key, Record, Ring, Slot, Value, Written,
};
use owned_record::{any_record, span_id};
use proptest::collection::vec;
use proptest::prelude::*;

const RING_WORDS: usize = 1 << 16;

fn encode(record: &Record<'_>) -> Vec<u64> {
    let slots: Box<[Slot]> = (0..RING_WORDS).map(|_| Slot::new(0)).collect();
    let ring = Ring::from_slots(slots).expect("a power of two");
    ring.writer(|| {}).record(record).expect("an empty ring has room");
    let mut words = vec![0; RING_WORDS / 8];
    let filled = ring.reader().read(&mut words);
    words.truncate(filled);
    words
}

/// Words whose first looks like the header of a record of just this length.
fn almost_a_record() -> impl Strategy<Value = Vec<u64>> {
    let word = prop_oneof![0..40_u64, any::<u64>(), (0..9_u64).prop_map(|length| length << 32 | 5)];
    (vec(word, 1..40), 0..9_u64).prop_map(|(mut words, kind)| {
        let shape = 0x0f00_ff00_u64 & words[0] | kind | (words.len() as u64) << 32;
        words[0] = shape | words[0] & 0xffff << 48 | words[0] & 0x1f << 16;
        words
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn arbitrary_words_never_panic(words in vec(any::<u64>(), 0..40)) {
        let _ = Record::decode(&words);
        let _ = Record::span_id(&words);
    }

    #[test]
    fn what_decodes_encodes_to_the_same_record(words in almost_a_record()) {
        if let Ok(record) = Record::decode(&words) {
            let again = encode(&record);
            let once = Record::decode(&again).expect("it was just encoded");
            prop_assert_eq!(encode(&once), again.clone());
        }
    }

    #[test]
    fn a_damaged_record_never_panics(
        record in any_record(40),
        place in any::<prop::sample::Index>(),
        bit in 0..64_u32,
        cut in any::<prop::sample::Index>(),
    ) {
        let mut words = record.with(encode);
        let damaged = place.index(words.len());
        words[damaged] ^= 1 << bit;
        let _ = Record::decode(&words);
        let _ = Record::decode(&words[..cut.index(words.len())]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_encoded_decodes_to_the_same_record(record in any_record(400)) {
        record.with(|expected| {
            let words = encode(expected);
            prop_assert_eq!(words.len(), record.words());
            prop_assert_eq!(Record::words(words[0]), words.len());
            prop_assert_eq!(Record::span_id(&words), Some(span_id(record.span)));
            let decoded = Record::decode(&words);
            prop_assert_eq!(decoded.as_ref(), Ok(expected));
            Ok(())
        })?;
    }
}

#[test]
fn a_number_that_is_none_keeps_its_bits() {
    static RATIO: InternedKey = InternedKey::new(Key::new("ratio"));
    let strange = f64::from_bits(0x7ff8_0000_0000_0bad);
    let ratio = Written { key: RATIO.id(), order: 0, is_cut: false, value: Value::F64(strange) };
    let facts = Facts { span_id: span_id(1), attributes: Fields::Borrowed(&[ratio]) };
    let words = encode(&Record::Facts(facts));
    let Ok(Record::Facts(facts)) = Record::decode(&words) else { panic!("facts") };
    let Some(Value::F64(found)) = facts.attributes.iter().next().map(|written| written.value)
    else {
        panic!("a double")
    };
    assert_eq!(found.to_bits(), strange.to_bits());
}

#[test]
fn each_kind_of_nonsense_has_its_error() {
    let name = 7 | 4 << 32;
    for (words, error) in [
        (&[][..], DecodeError::Short),
        (&[7 | 3 << 32], DecodeError::Length),
        (&[8 | 1 << 32], DecodeError::Kind(8)),
        (&[name, 0, 1, 97], DecodeError::ZeroId),
        (&[name, 1, 1, 0xff], DecodeError::Text),
        (&[name, 1, 9, 97], DecodeError::Text),
        (&[name, 1, 0, 97], DecodeError::Length),
        (&[6 | 9 << 8 | 3 << 32, 1, 0], DecodeError::StatusCode),
        (&[2 | 1 << 24 | 4 << 32, 1, 1 << 16 | 9, 0], DecodeError::Attribute),
    ] {
        assert_eq!(Record::decode(words), Err(error), "{words:x?}");
    }
}
