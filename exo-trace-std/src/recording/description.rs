//! What a typed span says of itself at its beginning or end: gathered on the stack, written at once.
//!
//! Numbers and texts that live as long as the program take one word each. A text made at run time is a
//! record of its own, as is whatever finds no room.

use super::{facts, literals};
use crate::AttributeSource;
use exo_trace_core::{Field, Gathered, InternedKey, OpenSpan, SpanId, Texts, Value};
use std::borrow::Cow;

/// The attributes that are said at once.
pub(crate) struct Description<'s> {
    pub(super) open: &'s mut OpenSpan<0>,
    pub(super) gathered: &'s mut Gathered,
}

impl Description<'_> {
    /// Says a value; nothing for [`Value::Empty`].
    #[inline(always)]
    pub(crate) fn value(&mut self, key: &'static InternedKey, value: Value<'static>) {
        if let Value::Empty = value {
            return;
        }
        let order = self.open.next_order();
        if !self.gathered.push(key.id(), order, value) {
            self.apart(key, order, Field::Value(value));
        }
    }

    /// Says how many; nothing where that is not known.
    #[inline(always)]
    pub(crate) fn count(&mut self, key: &'static InternedKey, count: Option<u64>) {
        if let Some(count) = count {
            self.value(key, Value::from(count));
        }
    }

    /// Says a text; nothing for one that was not given, or is empty.
    #[inline(always)]
    pub(crate) fn text(&mut self, key: &'static InternedKey, text: Option<Cow<'static, str>>) {
        match text {
            Some(Cow::Borrowed(text)) if !text.is_empty() => {
                let value = literals::interned(text).map_or(Value::Text(text), Value::Interned);
                self.value(key, value);
            }
            Some(Cow::Owned(text)) if !text.is_empty() => {
                let order = self.open.next_order();
                self.apart(key, order, Field::Value(Value::Text(&text)));
            }
            _ => {}
        }
    }

    /// Says a list of one text; nothing for one that was not given.
    #[inline(always)]
    pub(crate) fn list_of_one(&mut self, key: &'static InternedKey, text: Option<&str>) {
        if let Some(text) = text {
            let order = self.open.next_order();
            if !self.gathered.push_list(key.id(), order, text) {
                let texts = [text];
                let list = Value::Texts(Texts::Borrowed(&texts));
                self.apart(key, order, Field::Value(list));
            }
        }
    }

    /// Says a list of texts; nothing for one that is empty.
    #[inline(always)]
    pub(crate) fn list(&mut self, key: &'static InternedKey, texts: Vec<Cow<'static, str>>) {
        if !texts.is_empty() {
            let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
            let order = self.open.next_order();
            self.apart(key, order, Field::Value(Value::Texts(Texts::Borrowed(&texts))));
        }
    }

    /// Says what the caller brings.
    #[inline(always)]
    pub(crate) fn more(&mut self, attributes: impl AttributeSource) {
        for attribute in attributes.attributes() {
            let order = self.open.next_order();
            let is_gathered = match attribute.field {
                Field::Value(value) => self.gathered.push(attribute.key.id(), order, value),
                _ => false,
            };
            if !is_gathered {
                self.apart(attribute.key, order, attribute.field);
            }
        }
    }

    /// Returns when the span began, in ticks.
    pub(super) fn start_ticks(&self) -> u64 {
        self.open.start_ticks()
    }

    #[inline(always)]
    fn apart(&mut self, key: &'static InternedKey, order: u8, field: Field<'_>) {
        if !write_apart(self.open.span_id(), key, order, field) {
            self.open.drop_attribute();
        }
    }
}

/// Writes an attribute as a record of its own; `false` when it is lost. By value, so that the span it
/// belongs to need not live in memory.
#[inline(never)]
pub(super) fn write_apart(
    span_id: Option<SpanId>,
    key: &'static InternedKey,
    order: u8,
    field: Field<'_>,
) -> bool {
    span_id.is_none_or(|span_id| facts::put_apart(span_id, order, key.id(), field))
}
