//! Joins facts to their span: what was written early, late, or on another thread.
//!
//! A span without the foreign bit is whole when it is read, because all its facts precede it in the
//! same ring. With the bit it is held until the next full pass over all rings ends: whatever was
//! written before the span ended is read by then (see `DESIGN.md`, "When is a span whole?").

use crate::SpanData;
use crate::batch::{Batch, END_WORD, FACT_TIME_WORD, Filling, START_WORD, Whole, Words};
use crate::config::Limits;
use crate::content::Contents;
use crate::dialect::{Vocabulary, parameters};
use crate::fact_table::FactTable;
use crate::operation::Operation;
use crate::resource::Resource;
use crate::span_data::attributes;
use crate::statistics::Tally;
use crate::sums::{Sums, Totals};
use crate::timeline::Timeline;
use exo_trace_core::{Encoded, Event, Facts, Failure, Fields, Link, Record, SpanRecord};
use std::sync::Arc;

pub(crate) struct Assembler {
    table: FactTable,
    /// Foreign spans read in this pass, and those of the pass before.
    read_now: Vec<Box<[u64]>>,
    read_before: Vec<Box<[u64]>>,
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
            read_now: Vec::new(),
            read_before: Vec::new(),
            totals: None,
            contents: Contents::default(),
            sampled: Filling::new(Arc::clone(&resource), Arc::clone(&vocabulary)),
            unsampled: Filling::new(resource, vocabulary),
        }
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
    pub(crate) fn take(&mut self, words: &[u64], timeline: &Timeline, tally: &mut Tally) {
        match Record::decode(words) {
            Ok(Record::Span(span)) if span.is_foreign => self.read_now.push(words.into()),
            Ok(Record::Span(span)) => _ = self.let_go(words, &span, timeline, tally),
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
        let rest = self.read_before.split_off(self.read_before.len().min(spans_max));
        let due = std::mem::replace(&mut self.read_before, rest);
        let mut released = 0;
        for words in &due {
            if let Some(span) = Record::span_again(words) {
                released += usize::from(self.let_go(words, &span, timeline, tally));
            }
        }
        // After all that is below them.
        if self.read_before.is_empty()
            && let Some(totals) = &mut self.totals
        {
            let due = totals.due(spans_max - released);
            released += due.len();
            for words in &due {
                if let Some(span) = Record::span_again(words) {
                    let operation = self.operation_of(&span);
                    self.release(words, &span, operation, timeline, tally);
                }
            }
        }
        if !self.read_before.is_empty() || released == spans_max {
            return false;
        }
        self.read_before = std::mem::take(&mut self.read_now);
        true
    }

    fn operation_of(&self, span: &SpanRecord<'_>) -> Operation {
        Operation::of(span, self.table.facts_of(span.span_id))
    }

    /// Releases a span, unless it is one that waits for what is below it; returns whether it did.
    fn let_go(
        &mut self,
        words: &[u64],
        span: &SpanRecord<'_>,
        timeline: &Timeline,
        tally: &mut Tally,
    ) -> bool {
        let operation = self.operation_of(span);
        match &mut self.totals {
            Some(totals) if totals.wants(span, operation) => {
                totals.keep(span, words.into());
                false
            }
            _ => {
                self.release(words, span, operation, timeline, tally);
                true
            }
        }
    }

    /// Tells whether a span waits for the next pass.
    pub(crate) fn is_holding(&self) -> bool {
        self.holds_total_for(0) || !self.read_before.is_empty() || !self.read_now.is_empty()
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
    fn release(
        &mut self,
        words: &[u64],
        span: &SpanRecord<'_>,
        operation: Operation,
        timeline: &Timeline,
        tally: &mut Tally,
    ) {
        let waiting = self.table.take(span);
        if span.is_foreign {
            self.table.remember(span.span_id);
        }
        let is_sampled = span.flags.is_sampled();
        let Filling { batch, identities, .. } =
            if is_sampled { &mut self.sampled } else { &mut self.unsampled };
        let record = batch.append(words);
        let start = span.start_ticks;
        in_unix_nanos(&mut batch.words, &record, START_WORD, start, timeline);
        in_unix_nanos(&mut batch.words, &record, END_WORD, start, timeline);
        let first_fact = batch.facts.len();
        let mut truncated = Vec::new();
        note_truncated(span.attributes, &mut truncated);
        for fact in waiting.facts() {
            let place = batch.append(fact);
            match Record::decode_again(fact) {
                Some(
                    Record::Event(Event { attributes, .. })
                    | Record::Failure(Failure { attributes, .. }),
                ) => {
                    in_unix_nanos(&mut batch.words, &place, FACT_TIME_WORD, start, timeline);
                    note_truncated(attributes, &mut truncated);
                }
                Some(
                    Record::Facts(Facts { attributes, .. }) | Record::Link(Link { attributes, .. }),
                ) => note_truncated(attributes, &mut truncated),
                _ => {}
            }
            batch.facts.push(place);
        }
        let facts = first_fact..batch.facts.len();
        let place = batch.len();
        batch.spans.push(Whole { record, facts, over: waiting.over, operation, truncated });
        self.table.reuse(waiting);
        self.contents.join(span.span_id, batch);
        identities.stamp(batch, span, tally);
        if batch.vocabulary.wants_parameters() {
            derive_parameters(batch, place);
        }
        tally.span(span, &SpanData::borrowed(batch, place));
    }
}

/// Makes one text of what a span asked of a model.
fn derive_parameters(batch: &mut Batch, place: usize) {
    let parameters = parameters(&attributes::of(&SpanData::borrowed(batch, place)));
    if let Some((key, json)) = parameters {
        batch.derived.add(place, key, json);
    }
}

/// Turns the ticks at one word of a record into Unix nanoseconds.
fn in_unix_nanos(words: &mut [u64], record: &Words, at: usize, start: u64, timeline: &Timeline) {
    if let Some(word) = words.get_mut(record.start + at) {
        *word = timeline.unix_nanos(*word, start);
    }
}

/// For attributes that were decoded before: their texts are not looked at once more.
fn note_truncated(attributes: Fields<'_>, truncated: &mut Vec<&'static str>) {
    for attribute in attributes.encoded().filter(Encoded::is_cut) {
        let key = attribute.key().key().map(|key| key.as_str());
        // A span and its events may cut values of the same name.
        truncated.extend(key.filter(|key| !truncated.contains(key)));
    }
}
