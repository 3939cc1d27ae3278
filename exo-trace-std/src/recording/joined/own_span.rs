//! A span of ours as a span of OpenTelemetry's: what is said to the one reaches the other.

use crate::counters::Counter;
use crate::recording::facts::Facts;
use crate::{Status, keys};
use exo_trace_core::{Attribute, Current, Field};
use opentelemetry::trace::{self, Span, SpanContext};
use opentelemetry::{Array, KeyValue, Value};
use std::borrow::Cow;
use std::time::SystemTime;

/// A span that code which knows OpenTelemetry alone can add to, and not end.
#[derive(Debug)]
pub(super) struct OwnSpan {
    ids: SpanContext,
    current: Current,
}

impl OwnSpan {
    pub(super) fn new(ids: SpanContext, current: Current) -> Self {
        Self { ids, current }
    }

    fn facts(&self) -> Facts {
        Facts::of_current(Some(self.current))
    }
}

impl Span for OwnSpan {
    /// Events of ours happen when they are told: the time is not looked at.
    fn add_event_with_timestamp<T>(&mut self, name: T, _: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        with_attributes(&attributes, |known| self.facts().add_event(&name.into(), known));
    }

    fn span_context(&self) -> &SpanContext {
        &self.ids
    }

    fn is_recording(&self) -> bool {
        self.current.is_recorded()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        let key = Cow::Owned(attribute.key.to_string());
        let texts = texts_of(&attribute.value);
        self.facts().set_attribute(key, field_of(&attribute.value, &texts));
    }

    fn set_status(&mut self, status: trace::Status) {
        self.facts().set_status(match status {
            trace::Status::Unset => Status::Unset,
            trace::Status::Ok => Status::Ok,
            trace::Status::Error { description } => Status::Error(description),
        });
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        self.facts().rename(&new_name.into());
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        if let Some(linked) = super::shared::ids_of(&span_context) {
            with_attributes(&attributes, |known| self.facts().add_link(&linked, known));
        }
    }

    /// Whoever began the span ends it.
    fn end_with_timestamp(&mut self, _: SystemTime) {}
}

/// Runs `f` with the attributes whose keys the table has room for; it counts the others.
fn with_attributes<R>(attributes: &[KeyValue], f: impl FnOnce(&[Attribute<'_>]) -> R) -> R {
    let texts: Vec<_> = attributes.iter().map(|attribute| texts_of(&attribute.value)).collect();
    let known = attributes.iter().zip(&texts).filter_map(|(attribute, texts)| {
        let key = keys::interned(Cow::Owned(attribute.key.to_string()));
        if key.is_none() {
            Counter::KeysFull.add(1);
        }
        Some(Attribute::new(key?, field_of(&attribute.value, texts)))
    });
    f(&known.collect::<Vec<_>>())
}

/// Returns the texts of an array of texts.
fn texts_of(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(Array::String(texts)) => texts.iter().map(|text| text.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Returns a value in our words: other arrays than those of texts become text.
fn field_of<'a>(value: &'a Value, texts: &'a [&'a str]) -> Field<'a> {
    match value {
        Value::Bool(bool) => (*bool).into(),
        Value::I64(number) => (*number).into(),
        Value::F64(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(Array::String(_)) => texts.into(),
        other => Field::display(other),
    }
}
