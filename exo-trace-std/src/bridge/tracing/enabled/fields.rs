//! The fields of a span, each said with its type: at the span's beginning, or recorded later.

use super::meaning::{Meaning, kind_named};
use super::site::{Plan, Site, key_id};
use crate::Status;
use crate::recording::{Bridged, Facts, with_value};
use exo_trace_core::{Field as Said, KeyId, SpanKind, Texts, Value};
use std::error::Error;
use std::fmt::Debug;
use tracing_core::Metadata;
use tracing_core::field::{Field, Visit};

/// How many causes of an error are told.
const CAUSES_MAX: usize = 16;

/// Who says them.
pub(super) enum Speaker<'a> {
    /// A span that begins.
    Beginning(&'a mut Bridged),
    /// Anybody, later.
    Later(Facts),
}

/// Says a span's fields as they are shown to it.
pub(super) struct SpanFields<'a> {
    speaker: Speaker<'a>,
    metadata: &'static Metadata<'static>,
    site: Option<&'static Site>,
    said: SaidOfItself,
    is_error: bool,
}

/// What a span's fields said of the span itself that is not written yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SaidOfItself {
    pub(super) kind: Option<SpanKind>,
    /// Whether it was said why its status is an error.
    pub(super) is_explained: bool,
}

impl<'a> SpanFields<'a> {
    pub(super) fn of(
        speaker: Speaker<'a>,
        metadata: &'static Metadata<'static>,
        site: Option<&'static Site>,
    ) -> Self {
        Self { speaker, metadata, site, said: SaidOfItself::default(), is_error: false }
    }

    /// As [`SpanFields::of`], where it may have been said before why the status is an error.
    pub(super) fn after(self, is_explained: bool) -> Self {
        Self { said: SaidOfItself { is_explained, ..self.said }, ..self }
    }

    /// Says what is left to say, and returns what the span has to remember.
    pub(super) fn finish(self) -> SaidOfItself {
        // A status without a reason does not take the place of one.
        if self.is_error && !self.said.is_explained {
            self.facts().set_status(Status::error(""));
        }
        self.said
    }

    fn facts(&self) -> Facts {
        match &self.speaker {
            Speaker::Beginning(span) => span.facts(),
            Speaker::Later(facts) => *facts,
        }
    }

    #[inline(always)]
    fn plan(&self, field: &Field) -> (KeyId, Meaning) {
        Plan::of(field, self.site, self.metadata)
    }

    #[inline(always)]
    fn put(&mut self, key: KeyId, said: Said<'_>) {
        match &mut self.speaker {
            Speaker::Beginning(span) => span.put(key, said),
            Speaker::Later(facts) => {
                facts.put_numbered(key, said);
            }
        }
    }

    #[inline(always)]
    fn put_value(&mut self, field: &Field, value: Value<'_>) {
        let (key, _) = self.plan(field);
        self.put(key, Said::Value(value));
    }

    #[inline(always)]
    fn put_text(&mut self, field: &Field, said: Said<'_>) {
        let (key, meaning) = self.plan(field);
        match meaning {
            Meaning::Attribute | Meaning::Message | Meaning::Error => self.put(key, said),
            meaning => self.mean(meaning, said),
        }
    }

    /// Says something of the span itself.
    #[cold]
    fn mean(&mut self, meaning: Meaning, said: Said<'_>) {
        with_value(said, |value, _| {
            let Value::Text(text) = value else { return };
            match meaning {
                Meaning::Name => self.facts().rename(text),
                Meaning::Kind => self.said.kind = kind_named(text).or(self.said.kind),
                Meaning::StatusCode if text.eq_ignore_ascii_case("ok") => {
                    self.facts().set_status(Status::Ok);
                }
                Meaning::StatusCode => self.is_error |= text.eq_ignore_ascii_case("error"),
                Meaning::StatusMessage => {
                    self.said.is_explained = true;
                    self.facts().set_status(Status::error(text));
                }
                Meaning::Attribute | Meaning::Message | Meaning::Error => {}
            }
        });
    }
}

impl Visit for SpanFields<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put_value(field, Value::F64(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put_value(field, Value::I64(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put_value(field, Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put_value(field, Value::Bool(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put_text(field, Said::Value(Value::Text(value)));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let (key, _) = self.plan(field);
        self.put(key, Said::Display(&value));
        self.put(key_id("exception.message"), Said::Display(&value));
        let causes = causes_of(value);
        if !causes.is_empty() {
            let causes: Vec<&str> = causes.iter().map(String::as_str).collect();
            let causes = Value::Texts(Texts::Borrowed(&causes));
            self.put(chain_key(field), Said::Value(causes));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put_text(field, Said::Debug(&value));
    }
}

/// Returns the key under which the causes of an error stand.
pub(super) fn chain_key(field: &Field) -> KeyId {
    key_id(format!("{}.chain", field.name()))
}

/// Returns what caused an error, the nearest first.
pub(super) fn causes_of(error: &(dyn Error + 'static)) -> Vec<String> {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.take(CAUSES_MAX).map(|cause| shown(&cause)).collect()
}

/// A `Display` that panics becomes a text that says so.
fn shown(error: &dyn Error) -> String {
    with_value(Said::Display(&error), |value, _| match value {
        Value::Text(text) => text.to_owned(),
        _ => String::new(),
    })
}
