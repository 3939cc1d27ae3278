//! A record that owns what it says, and every way to draw one: the plain model of the tests here.
//!
//! It knows from the format alone how many words it takes, so a test can say beforehand what a ring
//! will do with it.

#![allow(dead_code, reason = "each promise leans on its own part of the model")]

mod draw;
mod format;

use exo_trace_core::{
    Dropped, Event, Facts, Failure, Fields, IdentityId, KeyId, Link, Outcome, Record, SpanContext,
    SpanId, SpanRecord, StatusCode, StatusRecord, Texts, TraceFlags, TraceId, Value, Written,
};

pub(crate) use draw::any_record;
use format::{CALLSITE, KEYS, words_of};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OwnedValue {
    Empty,
    Bool(bool),
    I64(i64),
    U64(u64),
    F64(f64),
    Text(String),
    Interned(usize),
    Texts(Vec<String>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OwnedAttribute {
    /// A place among the keys, from the first again past the last.
    pub(crate) key: usize,
    pub(crate) order: u8,
    pub(crate) is_cut: bool,
    pub(crate) value: OwnedValue,
}

/// What differs between the kinds of record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    Span {
        is_at_callsite: bool,
        trace: u128,
        parent: u64,
        is_parent_remote: bool,
        flags: u8,
        ticks: (u64, u64),
        outcome: Outcome,
        is_foreign: bool,
        identity: u64,
        dropped: Dropped,
    },
    Facts,
    Event {
        ticks: u64,
        name: String,
    },
    Failure {
        ticks: u64,
        type_name: String,
        message: String,
    },
    Link {
        trace: u128,
        to: u64,
        flags: u8,
        is_remote: bool,
    },
    Status {
        code: StatusCode,
        description: String,
    },
    Name {
        name: String,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OwnedRecord {
    pub(crate) span: u64,
    pub(crate) said: Said,
    pub(crate) attributes: Vec<OwnedAttribute>,
}

pub(crate) fn span_id(number: u64) -> SpanId {
    SpanId::new(number).expect("the number is not zero")
}

impl OwnedRecord {
    /// How many words it takes.
    pub(crate) fn words(&self) -> usize {
        self.with(words_of)
    }

    /// What a ring that takes at most `words_max` words keeps of it; nothing if that is too long.
    pub(crate) fn kept(&self, words_max: usize) -> Option<Self> {
        let mut kept = self.clone();
        if self.words() > words_max || self.attributes.len() > 255 {
            kept.attributes.clear();
            if let Said::Span { dropped, .. } = &mut kept.said {
                let lost = u16::try_from(self.attributes.len()).unwrap_or(u16::MAX);
                dropped.attributes = dropped.attributes.saturating_add(lost);
            }
        }
        (kept.words() <= words_max).then_some(kept)
    }

    /// Shows it to `see` as the borrowed record that the crate knows.
    pub(crate) fn with<R>(&self, see: impl FnOnce(&Record<'_>) -> R) -> R {
        self.with_keys(&KEYS.each_ref().map(|key| key.id()), see)
    }

    /// Does the same with other keys.
    pub(crate) fn with_keys<R>(&self, keys: &[KeyId], see: impl FnOnce(&Record<'_>) -> R) -> R {
        let texts: Vec<Vec<&str>> = self.attributes.iter().map(texts_of).collect();
        let attributes = self.attributes.iter().zip(&texts);
        let written: Vec<Written<'_>> =
            attributes.map(|(owned, texts)| borrow(owned, texts, keys)).collect();
        see(&self.said.borrow(span_id(self.span), Fields::Borrowed(&written)))
    }
}

impl Said {
    fn borrow<'a>(&'a self, span_id: SpanId, attributes: Fields<'a>) -> Record<'a> {
        let trace_id = |number| TraceId::new(number).expect("the number is not zero");
        match self {
            Self::Span { is_at_callsite, trace, parent, ticks, .. } => {
                let callsite = is_at_callsite.then(|| CALLSITE.id().expect("the table has room"));
                let mut span = SpanRecord {
                    callsite,
                    trace_id: trace_id(*trace),
                    span_id,
                    parent_id: SpanId::new(*parent),
                    is_parent_remote: false,
                    flags: TraceFlags::default(),
                    start_ticks: ticks.0,
                    end_ticks: ticks.1,
                    outcome: Outcome::Ended,
                    is_foreign: false,
                    identity: None,
                    dropped: Dropped::default(),
                    attributes,
                };
                self.mark(&mut span);
                Record::Span(span)
            }
            Self::Facts => Record::Facts(Facts { span_id, attributes }),
            Self::Event { ticks, name } => {
                Record::Event(Event { span_id, ticks: *ticks, name, attributes })
            }
            Self::Failure { ticks, type_name, message } => {
                Record::Failure(Failure { span_id, ticks: *ticks, type_name, message, attributes })
            }
            Self::Link { trace, to, flags, is_remote } => {
                let context = SpanContext {
                    trace_id: trace_id(*trace),
                    span_id: self::span_id(*to),
                    flags: TraceFlags::new(*flags),
                    is_remote: *is_remote,
                };
                Record::Link(Link { span_id, context, attributes })
            }
            Self::Status { code, description } => {
                Record::Status(StatusRecord { span_id, code: *code, description })
            }
            Self::Name { name } => Record::Name { span_id, name },
        }
    }

    fn mark(&self, span: &mut SpanRecord<'_>) {
        if let Self::Span {
            is_parent_remote, flags, outcome, is_foreign, identity, dropped, ..
        } = self
        {
            span.is_parent_remote = *is_parent_remote;
            span.flags = TraceFlags::new(*flags);
            span.outcome = *outcome;
            span.is_foreign = *is_foreign;
            span.identity = IdentityId::new(*identity);
            span.dropped = *dropped;
        }
    }
}

fn texts_of(attribute: &OwnedAttribute) -> Vec<&str> {
    match &attribute.value {
        OwnedValue::Texts(texts) => texts.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

fn borrow<'a>(owned: &'a OwnedAttribute, texts: &'a [&'a str], keys: &[KeyId]) -> Written<'a> {
    // Places are drawn without knowing how many keys there will be.
    let key = |place: usize| keys[place % keys.len()];
    let value = match &owned.value {
        OwnedValue::Empty => Value::Empty,
        OwnedValue::Bool(value) => Value::Bool(*value),
        OwnedValue::I64(value) => Value::I64(*value),
        OwnedValue::U64(value) => Value::U64(*value),
        OwnedValue::F64(value) => Value::F64(*value),
        OwnedValue::Text(text) => Value::Text(text),
        OwnedValue::Interned(place) => Value::Interned(key(*place)),
        OwnedValue::Texts(_) => Value::Texts(Texts::Borrowed(texts)),
    };
    Written { key: key(owned.key), order: owned.order, is_cut: owned.is_cut, value }
}
