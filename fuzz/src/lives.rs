//! Spans as a script lets them live: what each was told, by whom, and whether that found room in a ring.
//!
//! A life knows of every fact whether its span must have it: it was written before the span ended.

use crate::drawn::span_id;
use exo_trace_core::{
    Event, Facts, Failure, Fields, InternedKey, Key, KeyId, Link, Outcome, Record, SpanContext,
    SpanId, SpanRecord, TraceFlags, TraceId, Value, Written,
};
use std::sync::LazyLock;

/// How many keys there are: a span is told no more attributes.
pub const KEYS: usize = 64;

/// Their names, and the same word in texts of other lengths.
static NAMES: LazyLock<[&'static str; KEYS]> =
    LazyLock::new(|| std::array::from_fn(|place| &*format!("key {place}").leak()));
static KEY_IDS: LazyLock<[KeyId; KEYS]> =
    LazyLock::new(|| NAMES.map(|name| Box::leak(Box::new(InternedKey::new(Key::new(name)))).id()));

/// What a span was told. The number says which of them it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// An attribute of its own key.
    Attribute(usize),
    /// An event.
    Event(usize),
    /// A link.
    Link(usize),
    /// An error, which is an event as well.
    Failure(usize),
}

/// A fact that found room in a ring.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// What.
    pub fact: Fact,
    /// In which ring.
    pub ring: usize,
    /// Whether it was written before its span ended.
    pub is_early: bool,
}

/// Whether a span has ended, and whether that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It may end yet.
    Open,
    /// Its record found room.
    Written,
    /// Its record found none.
    Lost,
}

/// One span.
#[derive(Clone, Debug)]
pub struct Life {
    /// Its record, as it stands at the end.
    pub record: SpanRecord<'static>,
    /// The ring of the thread that it began on.
    pub home: usize,
    /// What became of it.
    pub state: State,
    /// What it was told.
    pub told: Vec<Told>,
    attributes: usize,
}

impl Life {
    /// Returns a span that begins, below another one or as the root of a trace.
    ///
    /// # Panics
    ///
    /// Never: the ids are not zero.
    pub fn begin(number: usize, parent: Option<&Self>, home: usize, start_ticks: u64) -> Self {
        let trace = parent.map(|parent| parent.record.trace_id);
        let own = || TraceId::new(number as u128 + 1).expect("it is not zero");
        // One trace in four is not sampled.
        let flags = if number % 4 == 3 { TraceFlags::RANDOM } else { TraceFlags::SAMPLED };
        let record = SpanRecord {
            callsite: None,
            trace_id: trace.unwrap_or_else(own),
            span_id: id_of(number),
            parent_id: parent.map(|parent| parent.record.span_id),
            is_parent_remote: false,
            flags: parent.map_or(flags, |parent| parent.record.flags),
            start_ticks,
            end_ticks: start_ticks,
            outcome: Outcome::Ended,
            is_foreign: false,
            identity: None,
            dropped: <_>::default(),
            attributes: Fields::NONE,
        };
        Self { record, home, state: State::Open, told: Vec::new(), attributes: 0 }
    }

    /// Returns a fact of this kind that it was not told yet, or once more the last of its attributes.
    pub fn next_fact(&mut self, kind: usize, number: usize, again: bool) -> Fact {
        match kind {
            0 if self.attributes < KEYS || again => {
                let is_again = again && self.attributes > 0;
                self.attributes += usize::from(!is_again);
                Fact::Attribute(self.attributes - 1)
            }
            2 => Fact::Link(number),
            3 => Fact::Failure(number),
            _ => Fact::Event(number),
        }
    }

    /// Notes a fact that found room, or that none did.
    pub fn tell(&mut self, fact: Fact, ring: usize, found_room: bool) {
        let is_early = self.state == State::Open;
        if is_early && ring != self.home {
            self.record.is_foreign = true;
        }
        if found_room {
            self.told.push(Told { fact, ring, is_early });
        } else if is_early {
            // What a ring refuses, the call site notes in its span.
            let dropped = &mut self.record.dropped;
            let count = match fact {
                Fact::Attribute(_) => &mut dropped.attributes,
                Fact::Event(_) | Fact::Failure(_) => &mut dropped.events,
                Fact::Link(_) => &mut dropped.links,
            };
            *count += 1;
        }
    }

    /// Returns how many facts of each kind were told it: attributes, events, links.
    pub fn counts(&self) -> [u64; 3] {
        let mut counts = [0; 3];
        self.told.iter().for_each(|told| counts[told.fact.kind()] += 1);
        counts
    }
}

impl Fact {
    /// Returns whether it is an attribute, an event or a link, in this order.
    pub fn kind(self) -> usize {
        match self {
            Self::Attribute(_) => 0,
            Self::Event(_) | Self::Failure(_) => 1,
            Self::Link(_) => 2,
        }
    }

    /// Shows the record of it to `see`; `len` is how long its text is.
    pub fn with<R>(
        self,
        span_id: SpanId,
        ticks: u64,
        len: usize,
        see: impl FnOnce(&Record<'_>) -> R,
    ) -> R {
        let text = &"0123456789abcdefghijklmnopqrstuvwxyz"[..len % 37];
        let (attributes, name) = (Fields::NONE, number_text(self));
        match self {
            Self::Attribute(place) => {
                let value = if len == 0 { Value::I64(7) } else { Value::Text(text) };
                let key = KEY_IDS[place];
                let written = [Written { key, order: 255, is_cut: false, value }];
                see(&Record::Facts(Facts { span_id, attributes: Fields::Borrowed(&written) }))
            }
            Self::Event(_) => see(&Record::Event(Event { span_id, ticks, name, attributes })),
            Self::Failure(_) => see(&Record::Failure(Failure {
                span_id,
                ticks,
                type_name: name,
                message: text,
                attributes,
            })),
            Self::Link(number) => {
                let context = SpanContext {
                    trace_id: TraceId::new(1).unwrap_or_else(|| unreachable!("one is not zero")),
                    span_id: id_of(number),
                    flags: TraceFlags::SAMPLED,
                    is_remote: false,
                };
                see(&Record::Link(Link { span_id, context, attributes }))
            }
        }
    }
}

/// Returns the name of a fact: its number in digits.
pub fn number_text(fact: Fact) -> &'static str {
    static DIGITS: LazyLock<Vec<&'static str>> =
        LazyLock::new(|| (0..4_096).map(|number| &*number.to_string().leak()).collect());
    let (Fact::Attribute(number)
    | Fact::Event(number)
    | Fact::Link(number)
    | Fact::Failure(number)) = fact;
    DIGITS[number % DIGITS.len()]
}

/// Returns the id of the span with this number.
pub fn id_of(number: usize) -> SpanId {
    span_id(number as u64 + 1)
}
