//! Records of every kind, drawn from a script, and how many words each takes: known from the format alone.

#[path = "../../exo-trace-core/tests/owned_record/format.rs"]
mod format;

use crate::script::Script;
use exo_trace_core::{
    CallsiteId, Dropped, Event, Facts, Failure, Fields, IdentityId, KeyId, Link, Outcome, Record,
    SpanContext, SpanId, SpanRecord, StatusCode, StatusRecord, Texts, TraceFlags, TraceId, Value,
    Written,
};
use format::{CALLSITE, KEYS, words_of};
use std::sync::LazyLock;

/// How many attributes one record is drawn with, unless it has very many.
pub const ATTRIBUTES_MAX: usize = 6;

/// What a byte is that says a record has very many.
const MANY_MARK: usize = ATTRIBUTES_MAX + 1;

/// More attributes than a record can have.
static MANY: LazyLock<Vec<Written<'static>>> = LazyLock::new(|| {
    let one = |order| Written { key: key(0), order, is_cut: false, value: Value::Empty };
    (0..=255).chain(0..40).map(one).collect()
});

/// Returns one of the keys.
///
/// # Panics
///
/// Never: the place is taken from the first key again past the last.
pub fn key(place: usize) -> KeyId {
    KEYS[place % KEYS.len()].id()
}

/// Returns the one call site.
///
/// # Panics
///
/// Where the table of call sites is full, as it is not with one.
pub fn callsite() -> CallsiteId {
    CALLSITE.id().expect("the table has room for one")
}

/// Returns the id with this number, or that of one for zero.
///
/// # Panics
///
/// Never.
pub fn span_id(number: u64) -> SpanId {
    SpanId::new(number.max(1)).expect("it is not zero")
}

/// A record and its attributes, as they were drawn.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    /// The record, without its attributes.
    record: Record<'static>,
    few: [Written<'static>; ATTRIBUTES_MAX],
    /// How many of the few there are.
    count: usize,
    /// How many of the many there are, instead of the few.
    many: usize,
}

impl Drawn {
    /// Draws a record of any kind.
    pub fn from(script: &mut Script<'_>) -> Self {
        Self::with_keys(script, &std::array::from_fn::<_, 4, _>(key))
    }

    /// Draws one whose attributes have some of these keys.
    pub fn with_keys(script: &mut Script<'_>, keys: &[KeyId]) -> Self {
        let span_id = span_id(script.number());
        let none = Fields::NONE;
        let record = match script.below(8) {
            0 | 1 => Record::Span(span(script, span_id)),
            2 => Record::Facts(Facts { span_id, attributes: none }),
            3 => {
                let (ticks, name) = (script.number(), script.text());
                Record::Event(Event { span_id, ticks, name, attributes: none })
            }
            4 => Record::Failure(Failure {
                span_id,
                ticks: script.number(),
                type_name: script.text(),
                message: script.text(),
                attributes: none,
            }),
            5 => Record::Link(Link { span_id, context: context(script), attributes: none }),
            6 => {
                let code = [StatusCode::Unset, StatusCode::Error, StatusCode::Ok][script.below(3)];
                Record::Status(StatusRecord { span_id, code, description: script.text() })
            }
            _ => Record::Name { span_id, name: script.text() },
        };
        let mut drawn = Self::of(record, &[]);
        if !matches!(record, Record::Status(_) | Record::Name { .. }) {
            drawn.draw_attributes(script, keys);
        }
        drawn
    }

    fn draw_attributes(&mut self, script: &mut Script<'_>, keys: &[KeyId]) {
        match usize::from(script.byte()) {
            // Of one byte alone: it takes as long as all others together.
            MANY_MARK => self.many = 200 + script.below(96),
            count => {
                self.count = count % (ATTRIBUTES_MAX + 1);
                let drawn = self.few.iter_mut().take(self.count);
                drawn.for_each(|one| *one = attribute(script, keys));
            }
        }
    }

    /// Returns a record that was made by hand, and its attributes, at most [`ATTRIBUTES_MAX`].
    pub fn of(record: Record<'static>, attributes: &[Written<'static>]) -> Self {
        let empty = Written { key: key(0), order: 0, is_cut: false, value: Value::Empty };
        let (mut few, count) = ([empty; ATTRIBUTES_MAX], attributes.len());
        few.iter_mut().zip(attributes).for_each(|(to, from)| *to = *from);
        Self { record, few, count, many: 0 }
    }

    fn attributes(&self) -> &[Written<'static>] {
        if self.many > 0 { &MANY[..self.many] } else { &self.few[..self.count] }
    }

    /// Returns it as the crate knows it.
    pub fn record(&self) -> Record<'_> {
        let mut record: Record<'_> = self.record;
        let drawn = Fields::Borrowed(self.attributes());
        match &mut record {
            Record::Span(SpanRecord { attributes, .. })
            | Record::Facts(Facts { attributes, .. })
            | Record::Event(Event { attributes, .. })
            | Record::Failure(Failure { attributes, .. })
            | Record::Link(Link { attributes, .. }) => *attributes = drawn,
            _ => {}
        }
        record
    }

    /// Returns how many words it takes.
    pub fn words(&self) -> usize {
        words_of(&self.record())
    }

    /// Returns what a ring that takes at most `words_max` words keeps of it, if anything.
    pub fn kept(&self, words_max: usize) -> Option<Self> {
        let (mut kept, attributes) = (*self, self.attributes().len());
        if self.words() > words_max || attributes > 255 {
            (kept.count, kept.many) = (0, 0);
            if let Record::Span(span) = &mut kept.record {
                let dropped = &mut span.dropped.attributes;
                *dropped = dropped.saturating_add(attributes as u16);
            }
        }
        (kept.words() <= words_max).then_some(kept)
    }
}

fn span(script: &mut Script<'_>, span_id: SpanId) -> SpanRecord<'static> {
    let bits = script.byte();
    let outcomes = [Outcome::Ended, Outcome::Error, Outcome::Panic, Outcome::Cancelled];
    let mut dropped = Dropped::default();
    if bits & 8 != 0 {
        let mut count = || script.number() as u16;
        dropped = Dropped { attributes: count(), events: count(), links: count() };
    }
    SpanRecord {
        callsite: (bits & 1 != 0).then(callsite),
        trace_id: TraceId::new(u128::from(script.number()) + 1).expect("it is not zero"),
        span_id,
        parent_id: SpanId::new(script.number()),
        is_parent_remote: bits & 2 != 0,
        flags: TraceFlags::new(script.byte()),
        start_ticks: script.number(),
        end_ticks: script.number(),
        outcome: outcomes[usize::from(bits >> 6)],
        is_foreign: bits & 4 != 0,
        identity: if bits & 16 != 0 { IdentityId::new(script.number() >> 16) } else { None },
        dropped,
        attributes: Fields::NONE,
    }
}

fn context(script: &mut Script<'_>) -> SpanContext {
    SpanContext {
        trace_id: TraceId::new(u128::from(script.number()) << 32 | 1).expect("it is not zero"),
        span_id: span_id(script.number()),
        flags: TraceFlags::new(script.byte()),
        is_remote: script.flag(),
    }
}

fn attribute(script: &mut Script<'_>, keys: &[KeyId]) -> Written<'static> {
    static TEXTS: [&str; 5] = ["stop", "", "eight by", "length of more", "Ende schön"];
    let value = match script.below(9) {
        0 => Value::Empty,
        1 => Value::Bool(script.flag()),
        2 => Value::I64(script.number() as i64),
        3 => Value::U64(script.number()),
        // Never a NaN, which does not equal itself.
        4 => Value::F64(script.number() as f64 / 3.0),
        5 | 6 => Value::Text(script.text()),
        7 => Value::Interned(keys[script.number() as usize % keys.len()]),
        _ => Value::Texts(Texts::Borrowed(&TEXTS[script.below(5)..])),
    };
    let (place, order) = (script.number() as usize % keys.len(), script.byte());
    Written { key: keys[place], order, is_cut: order & 1 == 1, value }
}
