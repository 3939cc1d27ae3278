//! Values on their way into a record: formatted, cut to the configured length, and made to fit.
//!
//! A text is cut on a character boundary, a list of texts after its last whole text; both are marked
//! as cut. What finds no room at all is counted.

use super::pen;
use crate::AttributeSource;
use crate::counters::Counter;
use crate::settings;
use exo_trace_core::{Field, Fields, Formatted, Texts, Value, Written};
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many attributes of one event or link are written; the rest is counted.
pub(crate) const EVENT_ATTRIBUTES_MAX: usize = 32;

/// Calls `f` with the value, formatted and cut.
pub(crate) fn with_value<R>(field: Field<'_>, f: impl FnOnce(Value<'_>, bool) -> R) -> R {
    match field {
        Field::Display(value) => with_formatted(format_args!("{value}"), f),
        Field::Debug(value) => with_formatted(format_args!("{value:?}"), f),
        Field::Value(Value::Text(text)) => {
            let (text, is_cut) = cut(text);
            f(Value::Text(text), is_cut)
        }
        Field::Value(value) => f(value, false),
        _ => f(Value::Empty, false),
    }
}

fn with_formatted<R>(
    arguments: std::fmt::Arguments<'_>,
    f: impl FnOnce(Value<'_>, bool) -> R,
) -> R {
    let mut text = <Formatted>::new();
    // The caller's `Display` runs before any of our state is touched; whatever it does to its own
    // state while it unwinds is the caller's, as it would be in a `println!`.
    let formatted = catch_unwind(AssertUnwindSafe(|| text.write_fmt(arguments)));
    if let Err(payload) = formatted {
        // Dropping it would run the caller's code once more, outside the net.
        std::mem::forget(payload);
        Counter::FormatPanicked.add(1);
        return f(Value::Text("(panicked while it was formatted)"), true);
    }
    let (kept, is_cut) = cut(text.as_str());
    f(Value::Text(kept), is_cut || text.is_cut())
}

/// Cuts a text to the configured length, on a character boundary.
pub(super) fn cut(text: &str) -> (&str, bool) {
    cut_to(text, settings::attribute_value_bytes_max())
}

pub(super) fn cut_to(text: &str, bytes_max: usize) -> (&str, bool) {
    let end = text.floor_char_boundary(bytes_max);
    (text.get(..end).unwrap_or_default(), end < text.len())
}

/// How many words a text takes.
pub(super) fn words_of(text: &str) -> usize {
    text.len().div_ceil(size_of::<u64>())
}

/// Cuts a value to so many words, its header included, and tells whether that cut anything; `None`
/// where not even its beginning fits.
pub(super) fn fit(value: Value<'_>, words: usize) -> Option<(Value<'_>, bool)> {
    let mut room = words.checked_sub(1)?;
    match value {
        Value::Empty => Some((value, false)),
        Value::Text(text) => {
            let (kept, is_cut) = cut_to(text, room * size_of::<u64>());
            (text.is_empty() || !kept.is_empty()).then_some((Value::Text(kept), is_cut))
        }
        Value::Texts(Texts::Borrowed(texts)) => {
            let fits = |text: &&&str| match room.checked_sub(1 + words_of(text)) {
                Some(left) => {
                    room = left;
                    true
                }
                None => false,
            };
            let kept = texts.get(..texts.iter().take_while(fits).count()).unwrap_or_default();
            let is_cut = kept.len() < texts.len();
            Some((Value::Texts(Texts::Borrowed(kept)), is_cut))
        }
        _ => (room > 0).then_some((value, false)),
    }
}

/// Calls `f` with the attributes as a record holds them, in what its own `words` leave of the room.
///
/// What needs formatting is formatted first, one text after the other in one bounded buffer. What
/// finds no room there, in the list, or in the record, is counted.
pub(super) fn with_written<R>(
    source: impl AttributeSource,
    words: usize,
    f: impl FnOnce(Fields<'_>) -> R,
) -> R {
    let mut formatted = <Formatted>::new();
    let mut ends: heapless::Vec<(usize, bool), EVENT_ATTRIBUTES_MAX> = heapless::Vec::new();
    for attribute in source.attributes().take(EVENT_ATTRIBUTES_MAX) {
        let is_cut = with_value(attribute.field, |value, is_cut| {
            match (value, attribute.field) {
                (_, Field::Value(_)) => false,
                // A full buffer cuts the text; that is the bound.
                (Value::Text(text), _) => formatted.write_str(text).is_err() || is_cut,
                _ => is_cut,
            }
        });
        // `take` above keeps this within the capacity.
        let _ = ends.push((formatted.as_str().len(), is_cut));
    }
    let lost = source.attributes().skip(EVENT_ATTRIBUTES_MAX).count();
    let mut start = 0;
    let values = source.attributes().zip(&ends).filter_map(|(attribute, &(end, is_cut))| {
        let text = formatted.as_str().get(start..end).unwrap_or_default();
        start = end;
        let (value, is_cut) = match attribute.field {
            Field::Value(Value::Empty) => return None,
            Field::Value(Value::Text(text)) => {
                let (text, is_cut) = cut(text);
                (Value::Text(text), is_cut)
            }
            Field::Value(value) => (value, false),
            _ => (Value::Text(text), is_cut),
        };
        Some(Written { key: attribute.key.id(), order: 0, is_cut, value })
    });
    with_fitted(values, lost, words, f)
}

/// Calls `f` with as much of `values` as a record has room for besides its own `words`, in order; the
/// rest is counted, with what was `lost` before.
pub(crate) fn with_fitted<'a, R>(
    values: impl Iterator<Item = Written<'a>>,
    mut lost: usize,
    words: usize,
    f: impl FnOnce(Fields<'_>) -> R,
) -> R {
    let mut room =
        pen::with(pen::Pen::record_words_max).unwrap_or(usize::MAX).saturating_sub(words);
    let mut written: heapless::Vec<Written<'_>, EVENT_ATTRIBUTES_MAX> = heapless::Vec::new();
    for attribute in values {
        let Some((value, is_cut_again)) = fit(attribute.value, room) else {
            lost += 1;
            continue;
        };
        let (order, is_cut) = (written.len() as u8, attribute.is_cut || is_cut_again);
        let attribute = Written { order, is_cut, value, ..attribute };
        room -= attribute.words();
        lost += usize::from(written.push(attribute).is_err());
    }
    if lost > 0 {
        Counter::FactsRefused.add(lost as u64);
    }
    f(Fields::Borrowed(&written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_texts_keeps_the_texts_that_fit() {
        let list: &[&str] = &["12345678", "123456789", "1"];
        let whole = Value::Texts(Texts::Borrowed(list));
        assert_eq!(fit(whole, 8), Some((whole, false)));
        assert_eq!(fit(whole, 7), Some((Value::Texts(Texts::Borrowed(&list[..2])), true)));
        assert_eq!(fit(whole, 1), Some((Value::Texts(Texts::Borrowed(&[])), true)));
    }

    #[test]
    fn a_text_is_cut_on_a_character_and_a_number_is_whole_or_nothing() {
        assert_eq!(fit(Value::Text("1234567ü"), 2), Some((Value::Text("1234567"), true)));
        assert_eq!(fit(Value::Text("123"), 1), None);
        assert_eq!(fit(Value::I64(1), 1), None);
        assert_eq!(fit(Value::I64(1), 2), Some((Value::I64(1), false)));
    }
}
