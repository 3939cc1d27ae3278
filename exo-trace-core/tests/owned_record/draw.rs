//! Draws records of every kind: short and long texts, arrays, empty values, extreme numbers.

use super::{OwnedAttribute, OwnedRecord, OwnedValue, Said};
use exo_trace_core::{Dropped, Outcome, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;

/// Any record; its texts have up to `text_chars_max` characters of one to four bytes.
pub(crate) fn any_record(text_chars_max: usize) -> impl Strategy<Value = OwnedRecord> {
    let text = || any_text(text_chars_max);
    let event = (any::<u64>(), text()).prop_map(|(ticks, name)| Said::Event { ticks, name });
    let failure = (any::<u64>(), text(), text())
        .prop_map(|(ticks, type_name, message)| Said::Failure { ticks, type_name, message });
    let link = (1_u128.., 1_u64.., any::<u8>(), any::<bool>())
        .prop_map(|(trace, to, flags, is_remote)| Said::Link { trace, to, flags, is_remote });
    let code = prop_oneof![Just(StatusCode::Unset), Just(StatusCode::Error), Just(StatusCode::Ok)];
    let bare = prop_oneof![
        (code, text()).prop_map(|(code, description)| Said::Status { code, description }),
        text().prop_map(|name| Said::Name { name }),
    ];
    let attributes = vec(any_attribute(text_chars_max), 0..6);
    let with_attributes = prop_oneof![any_span(), Just(Said::Facts), event, failure, link];
    let with_attributes = (1_u64.., with_attributes, attributes)
        .prop_map(|(span, said, attributes)| OwnedRecord { span, said, attributes });
    let bare =
        (1_u64.., bare).prop_map(|(span, said)| OwnedRecord { span, said, attributes: Vec::new() });
    prop_oneof![3 => with_attributes, 1 => bare]
}

fn any_text(chars_max: usize) -> impl Strategy<Value = String> {
    let letter = prop_oneof![Just('a'), Just('ß'), Just('語'), Just('🦀'), any::<char>()];
    let few = vec(letter.clone(), 0..12.min(chars_max + 1));
    prop_oneof![4 => few, 1 => vec(letter, 0..=chars_max)]
        .prop_map(|letters| letters.into_iter().collect())
}

fn any_span() -> impl Strategy<Value = Said> {
    let outcome = prop_oneof![
        Just(Outcome::Ended),
        Just(Outcome::Error),
        Just(Outcome::Panic),
        Just(Outcome::Cancelled),
    ];
    let counts = prop_oneof![Just((0, 0, 0)), any::<(u16, u16, u16)>()];
    let dropped =
        counts.prop_map(|(attributes, events, links)| Dropped { attributes, events, links });
    let identity = prop_oneof![Just(0), 1_u64..1 << 48];
    let bits = any::<(bool, bool, bool, u8)>();
    (bits, 1_u128.., any::<(u64, u64, u64)>(), outcome, (identity, dropped)).prop_map(
        |(
            (is_at_callsite, is_parent_remote, is_foreign, flags),
            trace,
            words,
            outcome,
            (identity, dropped),
        )| {
            let (parent, start, end) = words;
            let ticks = (start, end);
            Said::Span {
                is_at_callsite,
                trace,
                parent,
                is_parent_remote,
                flags,
                ticks,
                outcome,
                is_foreign,
                identity,
                dropped,
            }
        },
    )
}

fn any_attribute(text_chars_max: usize) -> impl Strategy<Value = OwnedAttribute> {
    use proptest::num::f64::{INFINITE, NORMAL, SUBNORMAL, ZERO};
    let value = prop_oneof![
        Just(OwnedValue::Empty),
        any::<bool>().prop_map(OwnedValue::Bool),
        any::<i64>().prop_map(OwnedValue::I64),
        any::<u64>().prop_map(OwnedValue::U64),
        (NORMAL | SUBNORMAL | ZERO | INFINITE).prop_map(OwnedValue::F64),
        any_text(text_chars_max).prop_map(OwnedValue::Text),
        any::<u16>().prop_map(|key| OwnedValue::Interned(key.into())),
        vec(any_text(text_chars_max), 0..4).prop_map(OwnedValue::Texts),
    ];
    (any::<u16>(), any::<u8>(), any::<bool>(), value).prop_map(|(key, order, is_cut, value)| {
        OwnedAttribute { key: key.into(), order, is_cut, value }
    })
}
