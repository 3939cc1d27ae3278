//! What is said of a span besides its beginning and end: attributes, events, links, status, errors.
//!
//! Words of a span's own call site stay in the guard; everything else is a record of its own,
//! written at once and joined by span id. Values are cut to the configured length on a character
//! boundary; a `Display` that panics becomes a text that says so, and a count.

use super::pen;
use super::values::{cut, cut_to, fit, with_value, with_written, words_of};
use crate::counters::Counter;
use crate::settings::{self, First};
use crate::{AttributeSource, Failed, Status, keys};
use exo_trace_core::{
    Current, Dropped, Event, Failure, Field, Fields, InternedKey, KeyId, Link, OpenSpan, Record,
    SpanContext, SpanId, StatusCode, StatusRecord, Value, Written,
};
use std::borrow::Cow;

/// The place of an attribute that its call site did not announce. There is one, so that a later value
/// takes the place of an earlier one.
pub(super) const LATE: u8 = u8::MAX;
/// How many words a record has besides its attributes and its name.
const FACTS_WORDS: usize = 2;
pub(super) const EVENT_WORDS: usize = 4;
const LINK_WORDS: usize = 5;

const NOTHING: Dropped = Dropped { attributes: 0, events: 0, links: 0 };
const ONE_ATTRIBUTE: Dropped = Dropped { attributes: 1, ..NOTHING };
const ONE_EVENT: Dropped = Dropped { events: 1, ..NOTHING };
const ONE_LINK: Dropped = Dropped { links: 1, ..NOTHING };

/// Adds an attribute to a span of the calling thread.
#[inline(always)]
pub(super) fn put(open: &mut OpenSpan, key: &'static InternedKey, field: Field<'_>) {
    let (order, key) = (open.next_order(), key.id());
    let is_kept = match field {
        Field::Value(value) => open.keep(key, order, value),
        _ => false,
    };
    if !is_kept {
        put_beside(open, order, key, field);
    }
}

/// Adds an attribute that takes more than a word, or found no room among the words.
#[inline(always)]
pub(super) fn put_beside(open: &mut OpenSpan, order: u8, key: KeyId, field: Field<'_>) {
    let written = match (open.span_id(), field) {
        (Some(span_id), Field::Value(Value::Text(text))) => put_text(span_id, order, key, text),
        (Some(span_id), field) => put_apart(span_id, order, key, field),
        (None, _) => true,
    };
    if !written {
        open.drop_attribute();
    }
}

/// Writes a text attribute as a record of its own; `false` when it is lost, which is counted.
#[inline(never)]
fn put_text(span_id: SpanId, order: u8, key: KeyId, text: &str) -> bool {
    let is_straight = !key.is_none()
        && text.len() <= settings::attribute_value_bytes_max()
        && settings::first() == First::Straight;
    if is_straight
        && pen::with(|pen| pen.recorder().record_short_text(span_id, key, order, text))
            .unwrap_or(false)
    {
        return true;
    }
    put_text_at_length(span_id, order, key, text)
}

/// As [`put_text`], whatever there is to think of.
#[inline(never)]
fn put_text_at_length(span_id: SpanId, order: u8, key: KeyId, text: &str) -> bool {
    let (text, is_cut) = cut(text);
    put_cut_text(span_id, order, key, text, is_cut)
}

#[inline(always)]
fn put_cut_text(span_id: SpanId, order: u8, key: KeyId, text: &str, is_cut: bool) -> bool {
    // The table of keys has counted one it had no room for.
    if key.is_none() {
        return false;
    }
    let written = pen::with(|pen| {
        // A ring smaller than the limit on values takes what it can.
        let room = (pen.record_words_max() - FACTS_WORDS - 1) * size_of::<u64>();
        let (text, is_cut_again) = cut_to(text, room);
        pen.record_text(span_id, key, order, is_cut || is_cut_again, text)
    });
    written.unwrap_or(false)
}

/// Writes an attribute as a record of its own; `false` when it is lost, which is counted.
#[inline(never)]
pub(super) fn put_apart(span_id: SpanId, order: u8, key: KeyId, field: Field<'_>) -> bool {
    if let Field::Value(Value::Empty) = field {
        return true;
    }
    with_value(field, |value, is_cut| {
        if let Value::Text(text) = value {
            return put_cut_text(span_id, order, key, text, is_cut);
        }
        if key.is_none() {
            return false;
        }
        let written = pen::with(|pen| {
            let room = pen.record_words_max() - FACTS_WORDS;
            let (value, is_cut_again) = fit(value, room)?;
            let is_cut = is_cut || is_cut_again;
            let attributes = Fields::Borrowed(&[Written { key, order, is_cut, value }]);
            Some(pen.record(&Record::Facts(exo_trace_core::Facts { span_id, attributes })))
        });
        written.flatten().unwrap_or(false)
    })
}

/// A span that facts can be added to, from the thread that holds it or another.
///
/// What adds one returns `false` when it is lost, which is counted: in all, and by the span if it ends on
/// the calling thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(super) span_id: Option<SpanId>,
}

impl Facts {
    #[inline(always)]
    pub(super) fn of<const WORDS: usize>(open: Option<&OpenSpan<WORDS>>) -> Self {
        Self { span_id: open.filter(|open| open.is_recording()).and_then(OpenSpan::span_id) }
    }

    pub(super) fn of_span(span_id: Option<SpanId>) -> Self {
        Self { span_id }
    }

    pub(super) fn of_current(current: Option<Current>) -> Self {
        let recorded = current.filter(Current::is_recorded);
        Self { span_id: recorded.and_then(|current| current.span_id()) }
    }

    pub(super) fn put(self, key: &'static InternedKey, field: Field<'_>) -> bool {
        self.put_numbered(key.id(), field)
    }

    /// Sets an attribute under a key whose number is known.
    pub(crate) fn put_numbered(self, key: KeyId, field: Field<'_>) -> bool {
        let Some(span_id) = self.span_id else { return true };
        let is_written = put_apart(span_id, LATE, key, field);
        note(span_id, is_written, ONE_ATTRIBUTE)
    }

    pub(super) fn set_attribute(self, key: Cow<'static, str>, field: Field<'_>) -> bool {
        let Some(span_id) = self.span_id else { return true };
        match keys::interned(key) {
            Some(key) => self.put(key, field),
            None => {
                Counter::KeysFull.add(1);
                note(span_id, false, ONE_ATTRIBUTE)
            }
        }
    }

    pub(super) fn set_attributes(self, attributes: impl AttributeSource) -> bool {
        if self.span_id.is_none() {
            return true;
        }
        // Not `all`: what comes after one that was refused is tried like any other.
        attributes
            .attributes()
            .fold(true, |is_whole, attribute| self.put(attribute.key, attribute.field) & is_whole)
    }

    pub(super) fn add_event(self, name: &str, attributes: impl AttributeSource) -> bool {
        let Some(span_id) = self.span_id else { return true };
        let (name, _) = cut(name);
        with_written(attributes, EVENT_WORDS + words_of(name), |attributes| {
            write_event(span_id, name, attributes)
        })
    }

    pub(crate) fn add_link(self, context: &SpanContext, attributes: impl AttributeSource) -> bool {
        let Some(span_id) = self.span_id else { return true };
        let is_written = with_written(attributes, LINK_WORDS, |attributes| {
            let link = Link { span_id, context: *context, attributes };
            pen::with(|pen| pen.record(&Record::Link(link)))
        });
        note(span_id, is_written == Some(true), ONE_LINK)
    }

    pub(crate) fn set_status(self, status: Status<'_>) {
        if let Some(span_id) = self.span_id {
            let (code, text) = match &status {
                Status::Unset => (StatusCode::Unset, ""),
                Status::Ok => (StatusCode::Ok, ""),
                Status::Error(description) => (StatusCode::Error, description.as_ref()),
            };
            let (description, _) = cut(text);
            let record = Record::Status(StatusRecord { span_id, code, description });
            pen::with(|pen| pen.record(&record));
        }
    }

    /// Notes an error value: an `exception` event, and the status.
    #[cold]
    pub(super) fn fail(self, failed: Failed<'_>) -> bool {
        self.fail_with(failed.type_name, failed.message, &[])
    }

    #[cold]
    pub(super) fn fail_with(
        self,
        type_name: &str,
        message: Field<'_>,
        place: &[Written<'_>],
    ) -> bool {
        let Some(span_id) = self.span_id else { return true };
        let is_written = with_value(message, |message, _| {
            let message = if let Value::Text(text) = message { text } else { "" };
            let attributes = Fields::Borrowed(place);
            pen::with(|pen| {
                let ticks = pen.ticks();
                let failure = Failure { span_id, ticks, type_name, message, attributes };
                pen.record(&Record::Failure(failure))
            })
        });
        note(span_id, is_written == Some(true), ONE_EVENT)
    }

    pub(crate) fn rename(self, name: &str) {
        if let Some(span_id) = self.span_id {
            let (name, _) = cut(name);
            pen::with(|pen| pen.record(&Record::Name { span_id, name }));
        }
    }
}

/// Returns whether a fact was written; where it was not, the span is to count it.
#[inline(always)]
fn note(span_id: SpanId, is_written: bool, lost: Dropped) -> bool {
    if !is_written {
        pen::with(|pen| pen.note_refused(span_id, lost));
    }
    is_written
}

/// Writes an event; `false` when it is lost, which is counted.
pub(super) fn write_event(span_id: SpanId, name: &str, attributes: Fields<'_>) -> bool {
    let is_written = pen::with(|pen| {
        let ticks = pen.ticks();
        pen.record(&Record::Event(Event { span_id, ticks, name, attributes }))
    });
    note(span_id, is_written == Some(true), ONE_EVENT)
}

/// The verbs every handle of a span has.
macro_rules! fact_methods {
    () => {
        fact_methods!(besides errors);

        /// Records an error: an `exception` event, and the status `Error` with its text.
        #[doc(alias = "record_exception")]
        pub fn record_error<E: std::fmt::Display + ?Sized>(&self, error: &E) {
            self.heard(self.facts().fail(Failed::of(&error)));
        }
    };
    (besides errors) => {
        /// Sets an attribute; a later value of the same key replaces an earlier one.
        ///
        /// A key made at run time is interned: bounded, and counted when the table is full.
        pub fn set_attribute<'a>(
            &self,
            key: impl Into<Cow<'static, str>>,
            value: impl Into<Value<'a>>,
        ) {
            let kept = self.facts().set_attribute(key.into(), Field::Value(value.into()));
            self.heard(kept);
        }

        /// Sets several attributes, as [`attributes!`](crate::attributes) makes them.
        pub fn set_attributes(&self, attributes: impl crate::AttributeSource) {
            self.heard(self.facts().set_attributes(attributes));
        }

        /// Adds an event that happens now; `()` where it has no attributes.
        pub fn add_event(&self, name: &str, attributes: impl crate::AttributeSource) {
            self.heard(self.facts().add_event(name, attributes));
        }

        /// Sets the status; `Ok` and `Error` win over what the outcome says by itself.
        pub fn set_status(&self, status: Status<'_>) {
            self.facts().set_status(status);
        }

        /// Points to another span; `()` where the link has no attributes.
        pub fn add_link(&self, context: &SpanContext, attributes: impl crate::AttributeSource) {
            self.heard(self.facts().add_link(context, attributes));
        }

        /// Its record counts what was refused, so its end takes a thought.
        #[inline(always)]
        fn heard(&self, is_written: bool) {
            if !is_written {
                self.mark_foreign();
            }
        }

        /// Returns the span's identity; `None` when it is neither recorded nor passed on.
        ///
        /// Whoever has it may add facts from another thread, so the span is joined with care.
        pub fn span_context(&self) -> Option<SpanContext> {
            self.mark_foreign();
            self.open.as_ref().and_then(OpenSpan::span_context)
        }
    };
}
pub(super) use fact_methods;
