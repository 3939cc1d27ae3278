//! Any words are a record of the 32-bit profile or an error; what was encoded decodes to the same.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::compact::{DecodeError, LocalId, Record, Target, Value32, Values};
use exo_trace_core::{Outcome, SpanContext, SpanId, TraceFlags, TraceId};
use proptest::collection::vec;
use proptest::prelude::*;

/// More words than any record has.
const ROOM: usize = 2_000;

fn encode(record: &Record<'_>) -> Vec<u32> {
    record.encode(&mut [0; ROOM]).expect("room for any record").to_vec()
}

fn any_id() -> impl Strategy<Value = LocalId> {
    any::<u32>().prop_filter_map("a count of zero", LocalId::new)
}

fn any_value() -> impl Strategy<Value = Value32> {
    prop_oneof![
        any::<i32>().prop_map(Value32::Int),
        any::<u32>().prop_map(Value32::Unsigned),
        any::<u32>().prop_map(|bits| Value32::Float(f32::from_bits(bits))),
        any::<bool>().prop_map(Value32::Bool),
    ]
}

fn any_values() -> impl Strategy<Value = Values> {
    vec((0_usize..4, any_value()), 0..5).prop_map(|said| {
        said.into_iter().fold(Values::NONE, |values, (place, value)| values.with(place, value))
    })
}

fn any_context() -> impl Strategy<Value = SpanContext> {
    (1_u128.., 1_u64.., any::<u8>(), any::<bool>()).prop_map(|(trace, span, flags, is_remote)| {
        SpanContext {
            trace_id: TraceId::new(trace).expect("not zero"),
            span_id: SpanId::new(span).expect("not zero"),
            flags: TraceFlags::new(flags),
            is_remote,
        }
    })
}

fn any_span() -> impl Strategy<Value = Record<'static>> {
    let outcome = prop_oneof![
        Just(Outcome::Ended),
        Just(Outcome::Error),
        Just(Outcome::Panic),
        Just(Outcome::Cancelled),
    ];
    let ids = (any_id(), prop::option::of(any_id()), any_id());
    let counts = prop_oneof![Just((0, 0)), any::<(u8, u8)>()];
    (any::<(u16, u32, u32)>(), ids, outcome, counts, any_values()).prop_map(
        |((site, start, end), (id, parent, root), outcome, (laps, dropped), values)| Record::Span {
            site,
            id,
            parent,
            root,
            start,
            end,
            laps,
            outcome,
            dropped,
            values,
        },
    )
}

fn any_fact() -> impl Strategy<Value = Record<'static>> {
    let event = (any::<(u16, u32)>(), any_id(), any_values())
        .prop_map(|((site, ticks), span, values)| Record::Event { site, span, ticks, values });
    let attributes = (any::<u16>(), any_id(), any_values())
        .prop_map(|(site, span, values)| Record::Attributes { site, span, values });
    let to = prop_oneof![any_id().prop_map(Target::Local), any_context().prop_map(Target::Remote)];
    let link = (any_id(), to).prop_map(|(span, to)| Record::Link { span, to });
    let context =
        (any_id(), any_context()).prop_map(|(root, remote)| Record::Context { root, remote });
    prop_oneof![event, attributes, link, context]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_encoded_decodes_to_the_same_record(
        record in prop_oneof![any_span(), any_fact()],
    ) {
        let words = encode(&record);
        prop_assert_eq!(Record::words(words[0]), words.len());
        prop_assert_eq!(Record::decode(&words), Ok(record));
    }

    #[test]
    fn a_text_of_any_letters_comes_back(
        site in any::<u16>(), span in any_id(), is_cut in any::<bool>(), text in ".{0,900}",
    ) {
        let record = Record::Text { site, span, is_cut, text: &text };
        let words = encode(&record);
        prop_assert_eq!(Record::words(words[0]), words.len());
        prop_assert_eq!(Record::decode(&words), Ok(record));
    }

    #[test]
    fn arbitrary_words_never_panic(words in vec(prop_oneof![any::<u32>(), 0..99_u32], 0..12)) {
        if let Ok(record) = Record::decode(&words) {
            let again = encode(&record);
            prop_assert_eq!(Record::decode(&again), Ok(record));
        }
    }

    #[test]
    fn a_record_without_its_last_word_is_none(record in prop_oneof![any_span(), any_fact()]) {
        let words = encode(&record);
        prop_assert_eq!(Record::decode(&words[..words.len() - 1]), Err(DecodeError::Length));
    }

    #[test]
    fn room_that_is_too_short_holds_nothing(record in prop_oneof![any_span(), any_fact()]) {
        let words = encode(&record).len();
        let mut room = vec![0; words - 1];
        prop_assert_eq!(record.encode(&mut room), None);
    }
}

#[test]
fn a_span_with_two_attributes_is_eight_words() {
    let id = LocalId::new(0x1000_0002).expect("not zero");
    let parent = LocalId::new(0x1000_0001);
    let root = parent.expect("not zero");
    let values = Values::of(&[Value32::Int(6), Value32::Float(21.5)]);
    let (start, end, outcome) = (100, 250, Outcome::Ended);
    let record = Record::Span {
        site: 9,
        id,
        parent,
        root,
        start,
        end,
        laps: 0,
        outcome,
        dropped: 0,
        values,
    };
    assert_eq!(
        encode(&record),
        [0x0009_0841, 100, 250, 0x1000_0002, 0x1000_0001, 0x1000_0001, 6, 0x41ac_0000]
    );
}

#[test]
fn each_kind_of_nonsense_has_its_error() {
    for (words, error) in [
        (&[][..], DecodeError::Length),
        (&[0], DecodeError::Padding),
        (&[2 | 1 << 5, 1, 9], DecodeError::Length),
        (&[2 | 1 << 5 | 3 << 8, 1, 9, 3], DecodeError::Value),
        (&[2 | 1 << 10, 1, 9], DecodeError::Value),
        (&[2 | 5 << 5, 1, 9, 0, 0, 0, 0, 0], DecodeError::Count),
        (&[2, 0, 9], DecodeError::ZeroId),
        (&[2, 0x3000_0000, 9], DecodeError::ZeroId),
        (&[6, 1, 0, 0, 0, 0, 0, 1], DecodeError::ZeroId),
        (&[4 | 1 << 4, 1, !0], DecodeError::Text),
    ] {
        assert_eq!(Record::decode(words), Err(error), "{words:x?}");
    }
}
