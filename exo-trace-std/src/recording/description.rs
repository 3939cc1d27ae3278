//! What a typed span says of itself when it begins: gathered on the stack, written as one record.
//!
//! Numbers and texts that live as long as the program take one word each. Such a text is interned: it
//! is found by its address in a small cache of the thread. A text made at run time is a record of its
//! own, as is whatever finds no room.

use super::facts;
use super::pen;
use super::span::Span;
use crate::{AttributeSource, keys};
use exo_trace_core::{Field, Gathered, InternedKey, OpenSpan, Texts, Value};
use std::borrow::Cow;

/// The attributes of one span that begins.
pub(crate) struct Description<'s> {
    open: &'s mut OpenSpan,
    gathered: Gathered,
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

    /// Says a text; nothing for one that was not given, or is empty.
    #[inline(always)]
    pub(crate) fn text(&mut self, key: &'static InternedKey, text: Option<Cow<'static, str>>) {
        match text {
            Some(Cow::Borrowed(text)) if !text.is_empty() => match interned(text) {
                Some(value) => self.value(key, value),
                None => self.value(key, Value::Text(text)),
            },
            Some(Cow::Owned(text)) if !text.is_empty() => self.owned(key, &text),
            _ => {}
        }
    }

    /// Says a list of texts; nothing for one that is empty.
    #[inline(always)]
    pub(crate) fn list(&mut self, key: &'static InternedKey, texts: Vec<Cow<'static, str>>) {
        if !texts.is_empty() {
            self.texts(key, &texts);
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

    #[inline(never)]
    fn owned(&mut self, key: &'static InternedKey, text: &str) {
        let order = self.open.next_order();
        self.apart(key, order, Field::Value(Value::Text(text)));
    }

    #[cold]
    fn texts(&mut self, key: &'static InternedKey, texts: &[Cow<'static, str>]) {
        let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        let order = self.open.next_order();
        self.apart(key, order, Field::Value(Value::Texts(Texts::Borrowed(&texts))));
    }

    #[inline(never)]
    fn apart(&mut self, key: &'static InternedKey, order: u8, field: Field<'_>) {
        write_apart(self.open, key, order, field);
    }
}

/// Returns a text as one word; `None` where it finds no room in the table.
#[inline(always)]
fn interned(text: &'static str) -> Option<Value<'static>> {
    let id = keys::interned(Cow::Borrowed(text))?.id();
    (!id.is_none()).then_some(Value::Interned(id))
}

/// Writes an attribute as a record of its own; a loss is noted in the span.
#[inline(never)]
fn write_apart(open: &mut OpenSpan, key: &'static InternedKey, order: u8, field: Field<'_>) {
    let Some(span_id) = open.span_id() else { return };
    if !facts::put_apart(span_id, order, key.id(), field) {
        open.drop_attribute();
    }
}

impl Span {
    /// Lets `say` describe the span, if it is recorded.
    #[inline(always)]
    pub(crate) fn describe(&mut self, say: impl FnOnce(&mut Description<'_>)) {
        let Some(open) = self.open.as_mut().filter(|open| open.is_recording()) else { return };
        let mut description = Description { open, gathered: Gathered::new() };
        say(&mut description);
        let Description { open, gathered } = description;
        if gathered.is_empty() {
            return;
        }
        if let Some(span_id) = open.span_id() {
            let written = pen::with(|pen| pen.record_gathered(span_id, &gathered));
            if written != Some(true) {
                (0..gathered.len()).for_each(|_| open.drop_attribute());
            }
        }
    }

    /// Says a value that came while the span was open: kept until its end where it is one word.
    #[inline(always)]
    pub(crate) fn keep(&mut self, key: &'static InternedKey, value: Value<'_>) {
        let Some(open) = self.open.as_mut().filter(|open| open.is_recording()) else { return };
        let order = open.next_order();
        if !open.keep(key.id(), order, value) {
            self.write(key, order, value);
        }
    }

    /// As [`Span::keep`], for a text that may live as long as the program.
    #[inline(always)]
    pub(crate) fn keep_text(&mut self, key: &'static InternedKey, text: Cow<'static, str>) {
        match text {
            Cow::Borrowed(text) => {
                self.keep(key, interned(text).unwrap_or(Value::Text(text)));
            }
            Cow::Owned(text) => self.keep(key, Value::Text(&text)),
        }
    }

    /// Writes what the span cannot keep; another thread than its own is told to the other side.
    #[inline(never)]
    fn write(&mut self, key: &'static InternedKey, order: u8, value: Value<'_>) {
        self.note_thread();
        if let Some(open) = &mut self.open
            && !matches!(value, Value::Empty)
        {
            write_apart(open, key, order, Field::Value(value));
        }
    }
}
