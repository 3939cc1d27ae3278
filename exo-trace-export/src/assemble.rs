//! Joins facts to their span: what was written early, late, or on another thread.
//!
//! A span without the foreign bit is whole when it is read, because all its facts precede it in the
//! same ring. With the bit it is held until the next full pass over all rings ends: whatever was
//! written before the span ended is read by then (see `DESIGN.md`, "When is a span whole?").

use crate::SpanData;
use crate::batch::{Batch, FACT_TIME_WORD, Filling, Over, Run, Whole};
use crate::config::Limits;
use crate::content::Contents;
use crate::dialect::{Vocabulary, parameters};
use crate::fact_table::FactTable;
use crate::held::Held;
use crate::operation::Operation;
use crate::resource::Resource;
use crate::sites::{Site, Sites};
use crate::span_data::attributes;
use crate::statistics::Tally;
use crate::sums::{Sums, Totals};
use crate::timeline::Timeline;
use crate::waiting::Waiting;
use exo_trace_core::{Encoded, Event, Facts, Failure, Fields, Link, Record, SpanRecord};
use exo_trace_std::Value;
use std::sync::Arc;

/// How many words a span has before its identity and its attributes.
const SPAN_WORDS: usize = 7;

pub(crate) struct Assembler {
    table: FactTable,
    sites: Sites,
    /// Foreign spans that were read.
    held: Held<Box<[u64]>>,
    /// Where spans that show a sum wait for what is below them; `None` where nobody sums.
    totals: Option<Totals>,
    /// What was captured of them, beside the rings.
    pub(crate) contents: Contents,
    sampled: Filling,
    /// Spans of traces that are not sampled, which no destination gets.
    unsampled: Filling,
}

impl Assembler {
    pub(crate) fn new(
        limits: Limits,
        resource: Arc<Resource>,
        vocabulary: Arc<Vocabulary>,
    ) -> Self {
        Self {
            table: FactTable::new(limits),
            sites: Sites::default(),
            held: Held::default(),
            totals: None,
            contents: Contents::default(),
            sampled: Filling::new(Arc::clone(&resource), Arc::clone(&vocabulary)),
            unsampled: Filling::new(resource, vocabulary),
        }
    }

    /// Returns an assembler with the same limits and words for spans of another machine.
    #[cfg(feature = "device")]
    pub(crate) fn of_another(&self, resource: Arc<Resource>) -> Self {
        let vocabulary = Arc::clone(&self.sampled.batch.vocabulary);
        Self::new(self.table.limits(), resource, vocabulary)
    }

    /// Lets spans that show a sum wait until what is below them is read.
    pub(crate) fn with_totals(self, sums: Option<Sums>) -> Self {
        Self { totals: sums.map(Totals::of), ..self }
    }

    /// Begins a pass over all rings.
    pub(crate) fn begin_pass(&mut self, now_ticks: u64) {
        self.totals.iter_mut().for_each(|totals| totals.begin_pass(now_ticks));
    }

    /// Takes one record as it came out of a ring.
    #[inline(always)]
    pub(crate) fn take(&mut self, words: &[u64], timeline: &Timeline, tally: &mut Tally) {
        match simple_span(words) {
            Some(span) if !span.is_foreign => _ = self.let_go(words, &span, timeline, tally),
            _ => self.take_any(words, timeline, tally),
        }
    }

    #[inline(never)]
    fn take_any(&mut self, words: &[u64], timeline: &Timeline, tally: &mut Tally) {
        match Record::decode(words) {
            Ok(Record::Span(span)) if span.is_foreign => self.held.hold(words.into()),
            Ok(Record::Span(span)) => _ = self.let_go_held(words, &span, timeline, tally),
            Ok(fact) => {
                if let Some(span_id) = Record::span_id(words) {
                    self.table.keep(span_id, &fact, words, tally);
                }
            }
            Err(_) => tally.undecodable += 1,
        }
    }

    /// Ends a pass over all rings: what was held since the pass before is whole now. Releases
    /// `spans_max` at most, and returns whether that was all; else there is more to end.
    pub(crate) fn end_pass(
        &mut self,
        timeline: &Timeline,
        tally: &mut Tally,
        spans_max: usize,
    ) -> bool {
        let mut released = 0;
        for words in &self.held.due(spans_max) {
            if let Some(span) = Record::span_again(words) {
                released += usize::from(self.let_go_held(words, &span, timeline, tally));
            }
        }
        // After all that is below them.
        if !self.held.has_due()
            && let Some(totals) = &mut self.totals
        {
            let due = totals.due(spans_max - released);
            released += due.len();
            for words in &due {
                if let Some(span) = Record::span_again(words) {
                    let site = self.site_of(words, &span);
                    self.release(words, &span, site, timeline, tally);
                }
            }
        }
        if self.held.has_due() || released == spans_max {
            return false;
        }
        self.held.end_pass();
        true
    }

    /// Returns what is known of a span's call site, and what the span itself says that it does.
    #[inline(always)]
    fn site_of(&mut self, words: &[u64], span: &SpanRecord<'_>) -> Site {
        let site = self.sites.of(span.callsite);
        if self.table.is_empty() && !Operation::is_said_in(span.attributes) {
            return site;
        }
        Site { operation: self.said_by(words).unwrap_or(site.operation), ..site }
    }

    /// Returns what a span says that it does; reads it once more, because what goes to a function that
    /// is not inlined would have to live in memory for all spans.
    #[inline(never)]
    fn said_by(&self, words: &[u64]) -> Option<Operation> {
        let span = Record::span_again(words)?;
        Operation::said(&span, self.table.facts_of(span.span_id))
    }

    /// Releases a span, unless it is one that waits for what is below it; returns whether it did.
    #[inline(always)]
    fn let_go(
        &mut self,
        words: &[u64],
        span: &SpanRecord<'_>,
        timeline: &Timeline,
        tally: &mut Tally,
    ) -> bool {
        let site = self.site_of(words, span);
        match &mut self.totals {
            Some(totals) if totals.wants(span, site.operation) => {
                totals.keep(span.start_ticks, span.end_ticks, words);
                false
            }
            _ => {
                self.release(words, span, site, timeline, tally);
                true
            }
        }
    }

    /// The same for spans that are not simple, or were held.
    #[inline(never)]
    fn let_go_held(
        &mut self,
        words: &[u64],
        span: &SpanRecord<'_>,
        timeline: &Timeline,
        tally: &mut Tally,
    ) -> bool {
        self.let_go(words, span, timeline, tally)
    }

    /// Tells whether a span waits for the next pass.
    pub(crate) fn is_holding(&self) -> bool {
        self.holds_total_for(0) || !self.held.is_empty()
    }

    /// Tells whether a span that shows a sum was held so many passes ago, and still is.
    pub(crate) fn holds_total_for(&self, passes: u64) -> bool {
        self.totals.as_ref().is_some_and(|totals| totals.holds_for(passes))
    }

    /// Returns the whole spans of sampled traces so far and starts another batch.
    pub(crate) fn batch(&mut self) -> Batch {
        self.sampled.take()
    }

    /// Returns the whole spans of unsampled traces so far and starts another batch.
    pub(crate) fn unsampled(&mut self) -> Batch {
        self.unsampled.take()
    }

    /// Forgets what waits for spans that will not come, and returns how many facts that were.
    pub(crate) fn forget(&mut self) -> u64 {
        self.table.forget()
    }

    /// How many whole spans wait to be taken.
    pub(crate) fn len(&self) -> usize {
        self.sampled.batch.len() + self.unsampled.batch.len()
    }

    /// Puts a span and its facts into the batch of those that go where it goes.
    #[inline(always)]
    fn release(
        &mut self,
        words: &[u64],
        span: &SpanRecord<'_>,
        site: Site,
        timeline: &Timeline,
        tally: &mut Tally,
    ) {
        let waiting = self.table.take(span.span_id, words);
        if span.is_foreign {
            self.table.remember(span.span_id);
        }
        let is_sampled = span.flags.is_sampled();
        let Filling { batch, identities, .. } =
            if is_sampled { &mut self.sampled } else { &mut self.unsampled };
        let place = batch.len();
        let record = batch.append(words);
        if let Some([_, start, end, ..]) = batch.words.get_mut(record.start()..) {
            (*start, *end) = timeline.stretch(*start, *end);
        }
        let facts = Run::new(batch.facts.len(), batch.facts.len());
        let Site { operation, kind } = site;
        batch.spans.push(Whole { record, facts, over: Over::default(), operation, kind });
        note_truncated(span.attributes, batch);
        if let Some(waiting) = waiting {
            join(&waiting, batch, span.start_ticks, timeline);
            self.table.reuse(waiting);
        }
        self.contents.join(span.span_id, batch);
        identities.stamp(span.identity, words, batch, tally);
        if batch.vocabulary.wants_parameters() {
            derive_parameters(batch, place);
        }
        tally.span(span, &SpanData::borrowed(batch, place));
    }
}

/// Returns a span whose record holds nothing but words, as nearly all are: checked without the cases
/// that other records and texts need.
#[inline(always)]
fn simple_span(words: &[u64]) -> Option<SpanRecord<'_>> {
    let span = Record::span_again(words)?;
    let attributes = span.attributes.len();
    let length = SPAN_WORDS + usize::from(span.identity.is_some()) + 2 * attributes;
    let is_word = |attribute: Encoded<'_>| {
        use Value::{Bool, F64, I64, Interned, U64};
        matches!(attribute.value(), Some(Bool(_) | I64(_) | U64(_) | F64(_) | Interned(_)))
    };
    let is_whole =
        words.len() == length && words.first().map(|&first| Record::words(first)) == Some(length);
    (is_whole && span.attributes.encoded().all(is_word)).then_some(span)
}

/// Gives the last span of a batch the facts that waited for it.
#[inline(never)]
fn join(waiting: &Waiting, batch: &mut Batch, start: u64, timeline: &Timeline) {
    for fact in waiting.facts() {
        let place = batch.append(fact);
        match Record::decode_again(fact) {
            Some(
                Record::Event(Event { attributes, .. })
                | Record::Failure(Failure { attributes, .. }),
            ) => {
                if let Some(word) = batch.words.get_mut(place.start() + FACT_TIME_WORD) {
                    *word = timeline.unix_nanos(*word, start);
                }
                note_truncated(attributes, batch);
            }
            Some(
                Record::Facts(Facts { attributes, .. }) | Record::Link(Link { attributes, .. }),
            ) => note_truncated(attributes, batch),
            _ => {}
        }
        batch.facts.push(place);
    }
    let end = batch.facts.len();
    if let Some(whole) = batch.spans.last_mut() {
        whole.facts = Run::new(whole.facts.start(), end);
        whole.over = waiting.over;
    }
}

/// Makes one text of what a span asked of a model.
fn derive_parameters(batch: &mut Batch, place: usize) {
    let parameters = parameters(&attributes::of(&SpanData::borrowed(batch, place)));
    if let Some((key, json)) = parameters {
        batch.derived.add(place, key, json);
    }
}

/// For attributes that were decoded before: their texts are not looked at once more.
#[inline(always)]
fn note_truncated(attributes: Fields<'_>, batch: &mut Batch) {
    if attributes.encoded().any(|attribute| attribute.is_cut()) {
        add_truncated(attributes, batch);
    }
}

#[cold]
#[inline(never)]
fn add_truncated(attributes: Fields<'_>, batch: &mut Batch) {
    for attribute in attributes.encoded().filter(Encoded::is_cut) {
        if let Some(key) = attribute.key().key()
            && let Some(place) = batch.len().checked_sub(1)
        {
            batch.truncated.add(place, key.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// An attribute of any type, known or not, as its words; texts are as long as they say or not.
    fn attribute() -> impl Strategy<Value = Vec<u64>> {
        let header = (0_u64..9, 0_u64..2, any::<u16>(), 0_u64..20);
        let header = header.prop_map(|(tag, is_cut, key, length)| {
            tag | is_cut << 4 | u64::from(key) << 16 | length << 32
        });
        (header, vec(0_u64..9, 0..4))
            .prop_map(|(header, value)| std::iter::once(header).chain(value).collect())
    }

    /// A span as it may stand in a ring, or nearly.
    fn words() -> impl Strategy<Value = Vec<u64>> {
        let fixed = (vec(0_u64..3, 6), 0_u64..64, vec(1_u64..9, 0..3), -1_i64..2);
        (fixed, vec(attribute(), 0..4)).prop_map(|((fixed, bits, more, off), attributes)| {
            let words = [fixed, more].concat().into_iter().chain(attributes.concat());
            let mut words: Vec<_> = std::iter::once(0).chain(words).collect();
            let length = (words.len() as i64 + off).cast_unsigned();
            words[0] = 1 | bits << 16 | (attributes.len() as u64) << 24 | length << 32;
            words
        })
    }

    proptest! {
        #[test]
        fn a_simple_span_is_what_decoding_says(words in words()) {
            let decoded = Record::decode(&words).ok();
            if let Some(span) = simple_span(&words) {
                prop_assert_eq!(decoded, Some(Record::Span(span)));
            } else if let Some(Record::Span(span)) = decoded {
                let is_text = |value| matches!(value, Value::Empty | Value::Text(_) | Value::Texts(_));
                let has_text = span.attributes.iter().any(|attribute| is_text(attribute.value));
                prop_assert!(has_text || words[0] & 1 << 20 != 0, "texts, or counts of what was lost");
            }
        }
    }
}
