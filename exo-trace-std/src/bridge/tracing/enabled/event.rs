//! An event of `tracing`, gathered on the stack and written as one record.
//!
//! Its texts are borrowed only while they are shown, so they are copied into one bounded buffer; the
//! message, which is the event's name, into another.

use super::fields::{causes_of, chain_key};
use super::meaning::Meaning;
use super::site::{Plan, Site, key_id};
use crate::Status;
use crate::recording::{EVENT_ATTRIBUTES_MAX, Facts, with_value};
use exo_trace_core::{Field as Said, Formatted, KeyId, Texts, Value, Written};
use std::error::Error;
use std::fmt::{Debug, Write};
use tracing_core::field::{Field, Visit};
use tracing_core::{Event, Level, Metadata};

/// An event as far as it was shown.
struct Gathering {
    metadata: &'static Metadata<'static>,
    site: Option<&'static Site>,
    message: Formatted,
    has_message: bool,
    /// Which of the circumstances is the error that it reports, unless it has a message.
    error: Option<usize>,
    /// Where its text stands, if it is a `dyn Error`.
    error_text: Option<(usize, usize)>,
    texts: Formatted,
    causes: Vec<Vec<String>>,
    circumstances: heapless::Vec<Circumstance, EVENT_ATTRIBUTES_MAX>,
    lost: usize,
}

struct Circumstance {
    key: KeyId,
    is_cut: bool,
    value: Kept,
}

enum Kept {
    Word(Value<'static>),
    /// A run of the buffer of texts.
    Text(usize, usize),
    /// One of the lists of causes.
    Causes(usize),
}

/// Writes an event into the span that `facts` are of, and tells whether it said why that one failed.
pub(super) fn write(event: &Event<'_>, facts: Facts) -> bool {
    let metadata = event.metadata();
    let mut gathering = Gathering {
        metadata,
        site: Site::of(metadata),
        message: Formatted::new(),
        has_message: false,
        error: None,
        error_text: None,
        texts: Formatted::new(),
        causes: Vec::new(),
        circumstances: heapless::Vec::new(),
        lost: 0,
    };
    event.record(&mut gathering);
    gathering.write(facts)
}

impl Gathering {
    fn write(mut self, facts: Facts) -> bool {
        let error = self.error.filter(|_| !self.has_message);
        let reported = error.and_then(|place| self.circumstances.get_mut(place));
        if let Some(error) = reported {
            error.key = key_id("exception.message");
        } else if let Some((start, end)) = self.error_text {
            self.keep(key_id("exception.message"), false, Kept::Text(start, end));
        }
        let name = match error {
            _ if self.has_message => self.message.as_str(),
            Some(_) => "exception",
            None => self.metadata.name(),
        };
        let causes: Vec<Vec<&str>> =
            self.causes.iter().map(|list| list.iter().map(String::as_str).collect()).collect();
        let constants = self.site.map_or(&[][..], Site::constants).iter().copied();
        // A field of the same name was written for this event.
        let constants =
            constants.filter(|one| !self.circumstances.iter().any(|said| said.key == one.key));
        let circumstances = self.circumstances.iter().map(|said| self.written(said, &causes));
        facts.add_event_with(name, constants.chain(circumstances), self.lost);
        let why = self.failure(error);
        if let Some(why) = why {
            facts.set_status(Status::error(why));
        }
        why.is_some_and(|why| !why.is_empty())
    }

    /// Returns why the span is one that failed, if it is.
    fn failure(&self, error: Option<usize>) -> Option<&str> {
        match error.and_then(|place| self.circumstances.get(place)).map(|error| &error.value) {
            Some(Kept::Text(start, end)) => self.texts.as_str().get(*start..*end),
            _ if *self.metadata.level() == Level::ERROR => Some(self.message.as_str()),
            _ => None,
        }
    }

    fn written<'w>(&'w self, said: &Circumstance, causes: &'w [Vec<&'w str>]) -> Written<'w> {
        let value = match said.value {
            Kept::Word(value) => value,
            Kept::Text(start, end) => {
                Value::Text(self.texts.as_str().get(start..end).unwrap_or_default())
            }
            Kept::Causes(place) => {
                Value::Texts(Texts::Borrowed(causes.get(place).map_or(&[], Vec::as_slice)))
            }
        };
        Written { key: said.key, order: 0, is_cut: said.is_cut, value }
    }

    fn plan(&self, field: &Field) -> (KeyId, Meaning) {
        Plan::of(field, self.site, self.metadata)
    }

    fn keep(&mut self, key: KeyId, is_cut: bool, value: Kept) {
        let kept = self.circumstances.push(Circumstance { key, is_cut, value });
        self.lost += usize::from(kept.is_err());
    }

    fn keep_word(&mut self, field: &Field, value: Value<'static>) {
        let (key, _) = self.plan(field);
        self.keep(key, false, Kept::Word(value));
    }

    fn keep_text(&mut self, field: &Field, said: Said<'_>) {
        let (key, meaning) = self.plan(field);
        if meaning == Meaning::Message {
            self.has_message = true;
            with_text(said, |text, _| _ = self.message.write_str(text));
            return;
        }
        if meaning == Meaning::Error {
            self.error = Some(self.circumstances.len());
        }
        self.keep_shown(key, said);
    }

    fn last_text(&self) -> Option<(usize, usize)> {
        match self.circumstances.last()?.value {
            Kept::Text(start, end) => Some((start, end)),
            _ => None,
        }
    }

    fn keep_shown(&mut self, key: KeyId, said: Said<'_>) {
        with_text(said, |text, is_cut| {
            let start = self.texts.as_str().len();
            // A full buffer cuts the text; that is the bound.
            let is_cut = self.texts.write_str(text).is_err() || is_cut;
            self.keep(key, is_cut, Kept::Text(start, self.texts.as_str().len()));
        });
    }
}

fn with_text(said: Said<'_>, f: impl FnOnce(&str, bool)) {
    with_value(said, |value, is_cut| {
        if let Value::Text(text) = value {
            f(text, is_cut);
        }
    });
}

impl Visit for Gathering {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.keep_word(field, Value::F64(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep_word(field, Value::I64(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep_word(field, Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep_word(field, Value::Bool(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep_text(field, Said::Value(Value::Text(value)));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.keep_text(field, Said::Display(&value));
        if self.plan(field).1 == Meaning::Error {
            // Whether it is the event's own message is known when all was said.
            self.error_text = self.last_text();
        } else {
            self.keep_shown(key_id("exception.message"), Said::Display(&value));
        }
        let causes = causes_of(value);
        if !causes.is_empty() {
            self.causes.push(causes);
            self.keep(chain_key(field), false, Kept::Causes(self.causes.len() - 1));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.keep_text(field, Said::Debug(&value));
    }
}
