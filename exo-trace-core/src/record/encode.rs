//! From a record to words, straight into the ring.
//!
//! The length is computed first and room is reserved for all of it, so a record is refused or
//! delivered whole. A record longer than the ring allows gives up its attributes, never itself.

use super::header::{Kind, SPAN_WORDS, SpanBits, header};
use super::packed::{store_text, text_words};
use super::{Dropped, Fields, Record, Written};
use crate::refusal::Full;
use crate::ring::{RECORD_WORDS_FLOOR, Writer};
use crate::word::{Slot, store};
use crate::{Gathered, KeyId, SpanId, Value};

/// Room for one record in a ring; nothing is visible until [`Writer`] publishes it.
pub(crate) struct Grant<'r> {
    rest: &'r [Slot],
}

impl<'r> Grant<'r> {
    #[inline(always)]
    pub(crate) fn new(run: &'r [Slot]) -> Self {
        Self { rest: run }
    }

    /// Writes one word.
    #[inline(always)]
    pub(crate) fn put(&mut self, word: u64) {
        self.put_all(&[word]);
    }

    /// Writes words in order; the room was measured before, so all of them fit.
    #[inline(always)]
    pub(crate) fn put_all(&mut self, words: &[u64]) {
        debug_assert!(words.len() <= self.rest.len(), "a record is as long as it was measured");
        if let Some((run, rest)) = self.rest.split_at_checked(words.len()) {
            run.iter().zip(words).for_each(|(slot, &word)| store(slot, word));
            self.rest = rest;
        }
    }

    /// Lets `put` write the fixed words of a span one by one: all of them in registers first would take
    /// more than there are.
    #[inline(always)]
    pub(crate) fn put_span(&mut self, put: impl FnOnce(&[Slot; SPAN_WORDS])) {
        if let Some((fixed, rest)) = self.rest.split_first_chunk() {
            put(fixed);
            self.rest = rest;
        }
    }

    /// Writes the words of a span's own attributes: the commonest counts as straight stores, because a
    /// loop costs more than what it copies.
    #[inline(always)]
    pub(crate) fn put_attributes(&mut self, words: &[u64]) {
        match words {
            [] => {}
            &[first, first_value] => self.put_all(&[first, first_value]),
            &[first, first_value, second, second_value] => {
                self.put_all(&[first, first_value, second, second_value]);
            }
            more => self.put_all(more),
        }
    }

    /// Writes the bytes of a text, the last word padded with zeros.
    #[inline(always)]
    pub(crate) fn put_bytes(&mut self, text: &str) {
        let words = text_words(text);
        debug_assert!(words <= self.rest.len(), "a record is as long as it was measured");
        if let Some((run, after)) = self.rest.split_at_checked(words) {
            store_text(run, text);
            self.rest = after;
        }
    }

    /// Writes a text with its length before it.
    fn put_text(&mut self, text: &str) {
        self.put(text.len() as u64);
        self.put_bytes(text);
    }

    pub(crate) fn put_attribute(&mut self, attribute: &Written<'_>) {
        self.put(attribute_header(attribute));
        match attribute.value {
            Value::Empty => {}
            Value::Text(text) => self.put_bytes(text),
            Value::Texts(texts) => texts.iter().for_each(|text| self.put_text(text)),
            scalar => self.put(scalar_word(scalar)),
        }
    }
}

/// The type numbers of an attribute's header word.
pub(super) mod tag {
    pub(crate) const EMPTY: u64 = 0;
    pub(crate) const BOOL: u64 = 1;
    pub(crate) const I64: u64 = 2;
    pub(crate) const U64: u64 = 3;
    pub(crate) const F64: u64 = 4;
    pub(crate) const TEXT: u64 = 5;
    pub(crate) const INTERNED: u64 = 6;
    pub(crate) const TEXTS: u64 = 7;
}

/// Packs an attribute's header word: type 0–3, cut 4, order 8–15, key 16–31, length 32–63.
#[inline(always)]
pub(crate) fn attribute_header(attribute: &Written<'_>) -> u64 {
    let (tag, length) = match attribute.value {
        Value::Empty => (tag::EMPTY, 0),
        Value::Bool(_) => (tag::BOOL, 0),
        Value::I64(_) => (tag::I64, 0),
        Value::U64(_) => (tag::U64, 0),
        Value::F64(_) => (tag::F64, 0),
        Value::Text(text) => (tag::TEXT, text.len()),
        Value::Interned(_) => (tag::INTERNED, 0),
        Value::Texts(texts) => (tag::TEXTS, texts.len()),
    };
    tag | u64::from(attribute.is_cut) << 4
        | u64::from(attribute.order) << 8
        | u64::from(attribute.key.0) << 16
        | (length as u64) << 32
}

/// Returns the word of a value that takes one, zero for the others.
#[inline(always)]
pub(crate) fn scalar_word(value: Value<'_>) -> u64 {
    match value {
        Value::Bool(value) => u64::from(value),
        Value::I64(value) => value as u64,
        Value::U64(value) => value,
        Value::F64(value) => value.to_bits(),
        Value::Interned(key) => u64::from(key.0),
        Value::Empty | Value::Text(_) | Value::Texts(_) => 0,
    }
}

impl Written<'_> {
    /// Returns how many words of a record the attribute takes, its header included.
    pub fn words(&self) -> usize {
        attribute_words(self.value)
    }
}

/// How many words an attribute takes, its header included.
fn attribute_words(value: Value<'_>) -> usize {
    1 + match value {
        Value::Empty => 0,
        Value::Text(text) => text_words(text),
        Value::Texts(texts) => texts.iter().map(|text| 1 + text_words(text)).sum(),
        _ => 1,
    }
}

impl Fields<'_> {
    fn words(&self) -> usize {
        self.iter().map(|attribute| attribute_words(attribute.value)).sum()
    }
}

impl<S: AsRef<[Slot]>, W: Fn()> Writer<'_, S, W> {
    /// Lets `write` fill room for `words` words and publishes them, or refuses.
    #[inline(always)]
    pub(crate) fn reserve(
        &self,
        words: usize,
        write: impl FnOnce(&mut Grant<'_>),
    ) -> Result<(), Full> {
        if !self.is_within(words) && !self.has_room(words) {
            return Err(Full);
        }
        if self.fill(words, write) { Ok(()) } else { Err(Full) }
    }

    /// Lets `write` fill the room that was found for `words` words, and publishes them.
    #[inline(always)]
    pub(crate) fn fill(&self, words: usize, write: impl FnOnce(&mut Grant<'_>)) -> bool {
        let Some(run) = self.run(words) else { return false };
        write(&mut Grant::new(run));
        self.publish(words);
        true
    }

    /// Appends one text attribute of a span: [`Writer::record`] for the commonest fact, without its
    /// cases.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] with the ring unchanged; the refusal is counted. A text longer than an
    /// eighth of the ring is refused as well.
    #[inline]
    pub fn record_text(
        &self,
        span_id: SpanId,
        key: KeyId,
        order: u8,
        is_cut: bool,
        text: &str,
    ) -> Result<(), Full> {
        let words = 3 + text_words(text);
        if words > self.record_words_max() {
            return self.refuse();
        }
        let attribute = Written { key, order, is_cut, value: Value::Text(text) };
        self.reserve(words, |grant| put_text_record(grant, span_id, &attribute, words, text))
    }

    /// Appends one short text attribute of a span where nothing needs a thought; `false`, and nothing is
    /// done, where something does.
    #[inline(always)]
    pub(crate) fn record_short_text(
        &self,
        span_id: SpanId,
        key: KeyId,
        order: u8,
        text: &str,
    ) -> bool {
        let words = 3 + text_words(text);
        if words > RECORD_WORDS_FLOOR || !self.is_within(words) {
            return false;
        }
        let attribute = Written { key, order, is_cut: false, value: Value::Text(text) };
        self.fill(words, |grant| put_text_record(grant, span_id, &attribute, words, text))
    }

    /// Appends what was gathered of a span as one record.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] with the ring unchanged; the refusal is counted.
    #[inline(always)]
    pub fn record_gathered<const WORDS: usize>(
        &self,
        span_id: SpanId,
        gathered: &Gathered<WORDS>,
    ) -> Result<(), Full> {
        let words = 2 + gathered.words().len();
        if words > self.record_words_max() {
            return self.refuse();
        }
        self.reserve(words, |grant| {
            grant.put_all(&[header(Kind::Facts, gathered.len(), words), span_id.to_word()]);
            grant.put_all(gathered.words());
        })
    }

    /// Appends `record`, or refuses it when the ring is full.
    ///
    /// A record longer than an eighth of the ring, or with more than 255 attributes, is written
    /// without its attributes; a span then says how many it lost. Never allocates, never waits.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] with the ring unchanged; the refusal is counted.
    pub fn record(&self, record: &Record<'_>) -> Result<(), Full> {
        let (fixed, attributes) = match record {
            Record::Span(span) => {
                let dropped = usize::from(span.dropped != Dropped::default());
                let identity = usize::from(span.identity.is_some());
                (SPAN_WORDS + dropped + identity, span.attributes)
            }
            Record::Facts(facts) => (2, facts.attributes),
            Record::Event(event) => (4 + text_words(event.name), event.attributes),
            Record::Failure(failure) => {
                let texts = text_words(failure.type_name) + text_words(failure.message);
                (5 + texts, failure.attributes)
            }
            Record::Link(link) => (5, link.attributes),
            Record::Status(status) => (3 + text_words(status.description), Fields::NONE),
            Record::Name { name, .. } => (3 + text_words(name), Fields::NONE),
        };
        let words = fixed + attributes.words();
        let is_too_long = words > self.record_words_max() || attributes.len() > 0xff;
        if !is_too_long {
            return self.reserve(words, |grant| put_record(grant, record, attributes, words));
        }
        // One more word for the counts that say so; only a span carries them.
        let mut cut = *record;
        let mut fixed = fixed;
        if let Record::Span(span) = &mut cut {
            fixed += usize::from(span.dropped == Dropped::default());
            let more = u16::try_from(attributes.len()).unwrap_or(u16::MAX);
            span.dropped.attributes = span.dropped.attributes.saturating_add(more);
        }
        if fixed > self.record_words_max() {
            return self.refuse();
        }
        self.reserve(fixed, |grant| put_record(grant, &cut, Fields::NONE, fixed))
    }
}

#[inline(always)]
fn put_text_record(
    grant: &mut Grant<'_>,
    span_id: SpanId,
    attribute: &Written<'_>,
    words: usize,
    text: &str,
) {
    grant.put_all(&[header(Kind::Facts, 1, words), span_id.to_word(), attribute_header(attribute)]);
    grant.put_bytes(text);
}

fn put_record(grant: &mut Grant<'_>, record: &Record<'_>, attributes: Fields<'_>, words: usize) {
    let header = |kind| header(kind, attributes.len(), words);
    match record {
        Record::Span(span) => {
            let has_dropped = span.dropped != Dropped::default();
            let [high, low] = span.trace_id.to_words();
            let foreign = if span.is_foreign { SpanBits::FOREIGN } else { 0 };
            let remote = if span.is_parent_remote { SpanBits::REMOTE } else { 0 };
            let dropped = if has_dropped { SpanBits::DROPPED } else { 0 };
            let identified = if span.identity.is_some() { SpanBits::IDENTIFIED } else { 0 };
            let bits = SpanBits::callsite(span.callsite)
                | SpanBits::flags(span.flags)
                | SpanBits::outcome(span.outcome);
            grant.put_all(&[
                header(Kind::Span) | bits | foreign | remote | dropped | identified,
                span.start_ticks,
                span.end_ticks,
                span.span_id.to_word(),
                span.parent_id.map_or(0, |id| id.to_word()),
                high,
                low,
            ]);
            if has_dropped {
                grant.put(span.dropped.to_word());
            }
            if let Some(identity) = span.identity {
                grant.put(identity.to_number());
            }
        }
        Record::Facts(facts) => grant.put_all(&[header(Kind::Facts), facts.span_id.to_word()]),
        Record::Event(event) => {
            grant.put_all(&[header(Kind::Event), event.span_id.to_word(), event.ticks]);
            grant.put_text(event.name);
        }
        Record::Failure(failure) => {
            grant.put_all(&[header(Kind::Failure), failure.span_id.to_word(), failure.ticks]);
            grant.put_text(failure.type_name);
            grant.put_text(failure.message);
        }
        Record::Link(link) => {
            let [high, low] = link.context.trace_id.to_words();
            let remote = if link.context.is_remote { SpanBits::REMOTE } else { 0 };
            let bits = SpanBits::flags(link.context.flags) | remote;
            let to = link.context.span_id.to_word();
            grant.put_all(&[header(Kind::Link) | bits, link.span_id.to_word(), high, low, to]);
        }
        Record::Status(status) => {
            let bits = SpanBits::code(status.code);
            grant.put_all(&[header(Kind::Status) | bits, status.span_id.to_word()]);
            grant.put_text(status.description);
        }
        Record::Name { span_id, name } => {
            grant.put_all(&[header(Kind::Name), span_id.to_word()]);
            grant.put_text(name);
        }
    }
    attributes.iter().for_each(|attribute| grant.put_attribute(&attribute));
}

impl Dropped {
    pub(crate) fn to_word(self) -> u64 {
        u64::from(self.attributes) | u64::from(self.events) << 16 | u64::from(self.links) << 32
    }

    pub(super) fn from_word(word: u64) -> Self {
        Self { attributes: word as u16, events: (word >> 16) as u16, links: (word >> 32) as u16 }
    }
}
