//! What is said of a span besides its beginning and end: attributes, events, links, status, errors.
//!
//! Words of a span's own call site stay in the guard; everything else is a record of its own,
//! written at once and joined by span id. Values are cut to the configured length on a character
//! boundary; a `Display` that panics becomes a text that says so, and a count.

use super::pen;
use crate::counters::Counter;
use crate::settings;
use crate::{AttributeSource, Failed, Status, keys};
use exo_trace_core::{
    Event, Failure, Field, Fields, Formatted, InternedKey, KeyId, Link, OpenSpan, Record,
    SpanContext, SpanId, StatusCode, StatusRecord, Value, Written,
};
use std::borrow::Cow;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The place of an attribute that its call site did not announce.
const LATE: u8 = u8::MAX;
/// How many attributes of one event or link are written; the rest is counted.
const EVENT_ATTRIBUTES_MAX: usize = 32;

/// Adds an attribute to a span of the calling thread.
#[inline(always)]
pub(super) fn put(open: &mut OpenSpan, key: &'static InternedKey, field: Field<'_>) {
    let order = open.next_order();
    let key = key.id();
    if let Field::Value(value) = field
        && open.keep(key, order, value)
    {
        return;
    }
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
    let (text, is_cut) = cut(text);
    put_cut_text(span_id, order, key, text, is_cut)
}

#[inline(always)]
fn put_cut_text(span_id: SpanId, order: u8, key: KeyId, text: &str, is_cut: bool) -> bool {
    if key.is_none() {
        Counter::KeysFull.add(1);
        return false;
    }
    let written = pen::with(|pen| {
        // A ring smaller than the limit on values takes what it can.
        let (text, is_cut_again) = cut_to(text, pen.text_bytes_max());
        pen.record_text(span_id, key, order, is_cut || is_cut_again, text)
    });
    written.unwrap_or(false)
}

/// Writes an attribute as a record of its own; `false` when it is lost, which is counted.
#[inline(never)]
fn put_apart(span_id: SpanId, order: u8, key: KeyId, field: Field<'_>) -> bool {
    if let Field::Value(Value::Empty) = field {
        return true;
    }
    with_value(field, |value, is_cut| {
        if let Value::Text(text) = value {
            return put_cut_text(span_id, order, key, text, is_cut);
        }
        if key.is_none() {
            Counter::KeysFull.add(1);
            return false;
        }
        let attributes = Fields::Borrowed(&[Written { key, order, is_cut, value }]);
        let record = Record::Facts(exo_trace_core::Facts { span_id, attributes });
        pen::with(|pen| pen.record(&record)).unwrap_or(false)
    })
}

/// Calls `f` with the value, formatted and cut.
fn with_value<R>(field: Field<'_>, f: impl FnOnce(Value<'_>, bool) -> R) -> R {
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
    let panicked = catch_unwind(AssertUnwindSafe(|| text.write_fmt(arguments))).is_err();
    if panicked {
        Counter::FormatPanicked.add(1);
        return f(Value::Text("(panicked while it was formatted)"), true);
    }
    let (kept, is_cut) = cut(text.as_str());
    f(Value::Text(kept), is_cut || text.is_cut())
}

/// Cuts a text to the configured length, on a character boundary.
fn cut(text: &str) -> (&str, bool) {
    cut_to(text, settings::attribute_value_bytes_max())
}

fn cut_to(text: &str, bytes_max: usize) -> (&str, bool) {
    let end = text.floor_char_boundary(bytes_max);
    (text.get(..end).unwrap_or_default(), end < text.len())
}

/// A span that facts can be added to, from the thread that holds it or another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    span_id: Option<SpanId>,
}

impl Facts {
    #[inline(always)]
    pub(super) fn of(open: Option<&OpenSpan>) -> Self {
        Self { span_id: open.filter(|open| open.is_recording()).and_then(OpenSpan::span_id) }
    }

    pub(super) fn of_span(span_id: Option<SpanId>) -> Self {
        Self { span_id }
    }

    pub(super) fn of_context(context: Option<SpanContext>) -> Self {
        let sampled = context.filter(SpanContext::is_sampled);
        Self { span_id: sampled.map(|context| context.span_id) }
    }

    pub(super) fn put(self, key: &'static InternedKey, field: Field<'_>) {
        if let Some(span_id) = self.span_id {
            put_apart(span_id, LATE, key.id(), field);
        }
    }

    pub(super) fn set_attribute(self, key: Cow<'static, str>, field: Field<'_>) {
        if self.span_id.is_some() {
            match keys::interned(key) {
                Some(key) => self.put(key, field),
                None => Counter::KeysFull.add(1),
            }
        }
    }

    pub(super) fn set_attributes(self, attributes: impl AttributeSource) {
        if self.span_id.is_some() {
            attributes.attributes().for_each(|attribute| self.put(attribute.key, attribute.field));
        }
    }

    pub(super) fn add_event(self, name: &str, attributes: impl AttributeSource) {
        if let Some(span_id) = self.span_id {
            with_written(attributes, |attributes| {
                pen::with(|pen| {
                    let (name, _) = cut(name);
                    let ticks = pen.ticks();
                    pen.record(&Record::Event(Event { span_id, ticks, name, attributes }))
                });
            });
        }
    }

    pub(super) fn add_link(self, context: &SpanContext, attributes: impl AttributeSource) {
        if let Some(span_id) = self.span_id {
            with_written(attributes, |attributes| {
                pen::with(|pen| {
                    pen.record(&Record::Link(Link { span_id, context: *context, attributes }))
                });
            });
        }
    }

    pub(super) fn set_status(self, status: Status<'_>) {
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
    pub(super) fn fail(self, failed: Failed<'_>) {
        self.fail_with(failed.type_name, failed.message, &[]);
    }

    #[cold]
    pub(super) fn fail_with(self, type_name: &str, message: Field<'_>, place: &[Written<'_>]) {
        let Some(span_id) = self.span_id else { return };
        with_value(message, |message, _| {
            let message = if let Value::Text(text) = message { text } else { "" };
            let attributes = Fields::Borrowed(place);
            pen::with(|pen| {
                let ticks = pen.ticks();
                let failure = Failure { span_id, ticks, type_name, message, attributes };
                pen.record(&Record::Failure(failure))
            });
        });
    }

    pub(super) fn rename(self, name: &str) {
        if let Some(span_id) = self.span_id {
            let (name, _) = cut(name);
            pen::with(|pen| pen.record(&Record::Name { span_id, name }));
        }
    }
}

/// Calls `f` with the attributes as a record holds them.
///
/// What needs formatting is formatted first, one text after the other in one bounded buffer. What
/// finds no room there, or in the list, is counted.
fn with_written(source: impl AttributeSource, f: impl FnOnce(Fields<'_>)) {
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
    let mut written: heapless::Vec<Written<'_>, EVENT_ATTRIBUTES_MAX> = heapless::Vec::new();
    let mut lost = source.attributes().skip(EVENT_ATTRIBUTES_MAX).count();
    let mut start = 0;
    for (attribute, &(end, is_cut)) in source.attributes().zip(&ends) {
        let text = formatted.as_str().get(start..end).unwrap_or_default();
        start = end;
        let (value, is_cut) = match attribute.field {
            Field::Value(Value::Empty) => continue,
            Field::Value(Value::Text(text)) => {
                let (text, is_cut) = cut(text);
                (Value::Text(text), is_cut)
            }
            Field::Value(value) => (value, false),
            _ => (Value::Text(text), is_cut),
        };
        let order = written.len() as u8;
        let key = attribute.key.id();
        lost += usize::from(written.push(Written { key, order, is_cut, value }).is_err());
    }
    if lost > 0 {
        Counter::FactsRefused.add(lost as u64);
    }
    f(Fields::Borrowed(&written));
}

/// The verbs every handle of a span has.
macro_rules! fact_methods {
    () => {
        /// Sets an attribute; a later value of the same key replaces an earlier one.
        ///
        /// A key made at run time is interned: bounded, and counted when the table is full.
        pub fn set_attribute<'a>(
            &self,
            key: impl Into<Cow<'static, str>>,
            value: impl Into<Value<'a>>,
        ) {
            self.facts().set_attribute(key.into(), Field::Value(value.into()));
        }

        /// Sets several attributes, as [`attributes!`](crate::attributes) makes them.
        pub fn set_attributes(&self, attributes: impl crate::AttributeSource) {
            self.facts().set_attributes(attributes);
        }

        /// Adds an event that happens now; `()` where it has no attributes.
        pub fn add_event(&self, name: &str, attributes: impl crate::AttributeSource) {
            self.facts().add_event(name, attributes);
        }

        /// Records an error: an `exception` event, and the status `Error` with its text.
        #[doc(alias = "record_exception")]
        pub fn record_error<E: std::fmt::Display + ?Sized>(&self, error: &E) {
            self.facts().fail(Failed::of(&error));
        }

        /// Sets the status; `Ok` and `Error` win over what the outcome says by itself.
        pub fn set_status(&self, status: Status<'_>) {
            self.facts().set_status(status);
        }

        /// Points to another span; `()` where the link has no attributes.
        pub fn add_link(&self, context: &SpanContext, attributes: impl crate::AttributeSource) {
            self.facts().add_link(context, attributes);
        }

        /// Returns the span's identity; `None` when it is neither recorded nor passed on.
        pub fn span_context(&self) -> Option<SpanContext> {
            self.open.as_ref().and_then(OpenSpan::span_context)
        }
    };
}
pub(super) use fact_methods;
