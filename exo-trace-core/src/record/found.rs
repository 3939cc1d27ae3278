//! The words of facts that are found out about a span after it was read: they join it as any other.

use super::encode::{attribute_header, scalar_word};
use super::header::{Kind, header};
use super::{Facts, Written};
use crate::{KeyId, SpanId, Value};

/// The words before a value: the record's header, the span's id, the attribute's header.
const HEAD_WORDS: usize = 3;
/// What is found out stands behind all that a call site said.
const LAST: u8 = u8::MAX;

impl Facts<'_> {
    /// Returns the words of a record that gives `span_id` one attribute: a text, or a value of one
    /// word; any other value is written as nothing.
    ///
    /// ```
    /// use exo_trace_core::{Facts, InternedKey, Key, Record, SpanId, Value};
    ///
    /// static STATUS: InternedKey = InternedKey::new(Key::new("exo.tool.status"));
    /// let span_id = SpanId::new(7).expect("seven is an id");
    /// let words: Vec<u64> = Facts::words_of(span_id, STATUS.id(), Value::Text("success")).collect();
    /// let Ok(Record::Facts(facts)) = Record::decode(&words) else { panic!("facts") };
    /// let said = facts.attributes.iter().next().map(|attribute| attribute.value);
    /// assert_eq!((facts.span_id, said), (span_id, Some(Value::Text("success"))));
    /// ```
    pub fn words_of<'v>(
        span_id: SpanId,
        key: KeyId,
        value: Value<'v>,
    ) -> impl Iterator<Item = u64> + use<'v> {
        let (value, text, scalar) = match value {
            Value::Text(text) => (value, text, None),
            Value::Empty | Value::Texts(_) => (Value::Empty, "", None),
            scalar => (scalar, "", Some(scalar_word(scalar))),
        };
        let words = HEAD_WORDS + text.len().div_ceil(8) + usize::from(scalar.is_some());
        let attribute = Written { key, order: LAST, is_cut: false, value };
        let head = [header(Kind::Facts, 1, words), span_id.to_word(), attribute_header(&attribute)];
        let bytes = text.as_bytes().chunks(8).map(|chunk| {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            u64::from_ne_bytes(word)
        });
        head.into_iter().chain(scalar).chain(bytes)
    }
}
