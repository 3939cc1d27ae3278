//! Joins facts to their span: what was written early, late, or on another thread.
//!
//! A span without the foreign bit is whole when it is read, because all its facts precede it in the
//! same ring. With the bit it is held until the next full pass over all rings ends: whatever was
//! written before the span ended is read by then (see `DESIGN.md`, "When is a span whole?"). Facts
//! that wait for a span still open are bounded in number per span and in bytes for all, never by
//! age; when the table is full the oldest go, counted.

use crate::SpanData;
use crate::batch::{Batch, END_WORD, FACT_TIME_WORD, Filling, START_WORD, Whole, Words};
use crate::concluded;
use crate::config::Limits;
use crate::dialect::{Vocabulary, parameters};
use crate::prices::is_total;
use crate::resource::Resource;
use crate::span_data::attributes;
use crate::statistics::Tally;
use crate::timeline::Timeline;
use crate::totals::{Sums, Totals};
use crate::waiting::Waiting;
use exo_trace_core::{Encoded, Event, Facts, Failure, Fields, Link, Record, SpanId, SpanRecord};
use exo_trace_std::StatusCode;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;
use std::sync::Arc;

/// How many bytes of facts may wait for spans that are still open.
const TABLE_BYTES_MAX: usize = 16 << 20;
/// How many empty places of the table are kept to be used again.
const SPARE_MAX: usize = 256;
/// How many foreign spans are remembered after they left, to tell a late fact from an early one.
const DEPARTED_MAX: usize = 16_384;

pub(crate) struct Assembler {
    limits: Limits,
    waiting: FxHashMap<SpanId, Waiting>,
    /// Empty ones, whose lists are used again.
    spare: Vec<Waiting>,
    by_age: VecDeque<(u64, SpanId)>,
    age: u64,
    bytes: usize,
    /// Foreign spans read in this pass, and those of the pass before.
    read_now: Vec<Box<[u64]>>,
    read_before: Vec<Box<[u64]>>,
    /// Where spans that show a sum wait for what is below them; `None` where nobody sums.
    totals: Option<Totals>,
    departed: FxHashSet<SpanId>,
    departed_by_age: VecDeque<SpanId>,
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
            limits,
            waiting: FxHashMap::default(),
            spare: Vec::new(),
            by_age: VecDeque::new(),
            age: 0,
            bytes: 0,
            read_now: Vec::new(),
            read_before: Vec::new(),
            totals: None,
            departed: FxHashSet::default(),
            departed_by_age: VecDeque::new(),
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
            Ok(Record::Span(_)) if self.holds(words) => {}
            Ok(Record::Span(span)) => self.release(words, &span, timeline, tally),
            Ok(fact) => {
                if let Some(span_id) = Record::span_id(words) {
                    self.keep(span_id, &fact, words, tally);
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
        let mut due = std::mem::replace(&mut self.read_before, rest);
        due.retain(|words| !self.holds(words));
        // After all that is below them.
        if self.read_before.is_empty()
            && let Some(totals) = &mut self.totals
        {
            due.extend(totals.due(spans_max - due.len()));
        }
        for words in &due {
            if let Ok(Record::Span(span)) = Record::decode(words) {
                if span.is_foreign {
                    self.remember(span.span_id);
                }
                self.release(words, &span, timeline, tally);
            }
        }
        if !self.read_before.is_empty() || due.len() == spans_max {
            return false;
        }
        self.read_before = std::mem::take(&mut self.read_now);
        true
    }

    /// Holds a span if it is one that waits for what is below it.
    fn holds(&mut self, words: &[u64]) -> bool {
        let Self { totals: Some(totals), waiting, .. } = self else { return false };
        let Some(span) = Record::span_again(words) else { return false };
        let facts = waiting.get(&span.span_id).map(Waiting::facts).into_iter().flatten();
        is_total(&span, facts, totals.sums()).then(|| totals.keep(&span, words.into())).is_some()
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
        self.bytes = 0;
        self.by_age.clear();
        self.waiting.drain().map(|(_, waiting)| waiting.count() as u64).sum()
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
        timeline: &Timeline,
        tally: &mut Tally,
    ) {
        let waiting = span_id_of(&self.waiting, span.span_id)
            .and_then(|span_id| self.waiting.remove(&span_id));
        self.bytes -= waiting.as_ref().map_or(0, Waiting::bytes);
        let mut waiting = waiting.unwrap_or_default();
        let is_sampled = span.flags.is_sampled();
        let Filling { batch, .. } =
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
        batch.spans.push(Whole { record, facts, over: waiting.over, truncated });
        if self.spare.len() < SPARE_MAX && waiting.clear() {
            self.spare.push(waiting);
        }
        concluded::add(batch, span);
        if batch.vocabulary.wants_parameters() {
            derive_parameters(batch, place);
        }
        tally.span(span, &SpanData::borrowed(batch, place));
    }

    /// Keeps a fact until its span comes, within the limits.
    fn keep(&mut self, span_id: SpanId, fact: &Record<'_>, words: &[u64], tally: &mut Tally) {
        if self.departed.contains(&span_id) {
            tally.late_orphaned += 1;
            return;
        }
        // It says nothing, and must not take the place of one that does.
        if matches!(fact, Record::Status(status) if status.code == StatusCode::Unset) {
            return;
        }
        let age = &mut self.age;
        let (by_age, spare) = (&mut self.by_age, &mut self.spare);
        let mut before = 0;
        let entry = self.waiting.entry(span_id).and_modify(|known| before = known.bytes());
        let waiting = entry.or_insert_with(|| {
            *age += 1;
            by_age.push_back((*age, span_id));
            spare.pop().unwrap_or_default().aged(*age)
        });
        waiting.keep(fact, words, &self.limits);
        self.bytes = self.bytes + waiting.bytes() - before;
        while self.bytes > TABLE_BYTES_MAX {
            self.evict(tally);
        }
        if self.by_age.len() > 2 * self.waiting.len() + 1_024 {
            let waiting = &self.waiting;
            self.by_age.retain(|(age, id)| waiting.get(id).is_some_and(|kept| kept.age == *age));
        }
    }

    fn evict(&mut self, tally: &mut Tally) {
        let Some((age, span_id)) = self.by_age.pop_front() else {
            self.bytes = 0;
            return;
        };
        if self.waiting.get(&span_id).is_some_and(|waiting| waiting.age == age)
            && let Some(waiting) = self.waiting.remove(&span_id)
        {
            self.bytes -= waiting.bytes();
            tally.facts_evicted += waiting.count() as u64;
        }
    }

    fn remember(&mut self, span_id: SpanId) {
        self.departed.insert(span_id);
        self.departed_by_age.push_back(span_id);
        if self.departed_by_age.len() > DEPARTED_MAX
            && let Some(oldest) = self.departed_by_age.pop_front()
        {
            self.departed.remove(&oldest);
        }
    }
}

/// Makes one text of what a span asked of a model.
fn derive_parameters(batch: &mut Batch, place: usize) {
    let parameters = parameters(&attributes::of(&SpanData::borrowed(batch, place)));
    if let Some((key, json)) = parameters {
        batch.derived.add(place, key, json);
    }
}

/// Skips the look-up where nothing waits, which is the common case.
fn span_id_of(waiting: &FxHashMap<SpanId, Waiting>, span_id: SpanId) -> Option<SpanId> {
    (!waiting.is_empty()).then_some(span_id)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waiting::ENTRY_BYTES;
    use exo_trace_core::{Ring, Slot, SpanContext, StatusRecord, TraceFlags, TraceId};
    use std::sync::Mutex;

    fn assembler(limit: usize) -> Assembler {
        let limits =
            Limits { attribute_count_max: limit, event_count_max: limit, link_count_max: limit };
        Assembler::new(limits, Arc::default(), Arc::default())
    }

    /// The words that a ring would carry.
    fn words(fact: &Record<'_>) -> Vec<u64> {
        static RING: Ring<[Slot; 8_192]> = Ring::new();
        static ALONE: Mutex<()> = Mutex::new(());
        let _alone = ALONE.lock().unwrap();
        RING.writer(|| {}).record(fact).unwrap();
        let mut words = vec![0; 8_192];
        let read = RING.reader().read(&mut words);
        words.truncate(read);
        words
    }

    fn status(code: StatusCode, description: &str) -> Vec<u64> {
        let span_id = SpanId::new(1).unwrap();
        words(&Record::Status(StatusRecord { span_id, code, description }))
    }

    fn name(span: u64, name: &str) -> Vec<u64> {
        words(&Record::Name { span_id: SpanId::new(span).unwrap(), name })
    }

    /// What the first span of the table waits with.
    fn waiting(assembler: &Assembler) -> Vec<Record<'_>> {
        let waiting = &assembler.waiting[&SpanId::new(1).unwrap()];
        waiting.facts().map(|fact| Record::decode(fact).unwrap()).collect()
    }

    #[test]
    fn a_status_and_a_name_said_again_and_again_take_one_place_each() {
        let (mut assembler, mut tally) = (assembler(128), Tally::default());
        let timeline = Timeline::start();
        let text = "e".repeat(4_000);
        let (error, long) = (status(StatusCode::Error, &text), name(1, &text));
        for _ in 0..10_000 {
            assembler.take(&error, &timeline, &mut tally);
            assembler.take(&long, &timeline, &mut tally);
        }
        assert!(assembler.bytes < 10_000, "{} bytes", assembler.bytes);
        assembler.take(&name(1, "last"), &timeline, &mut tally);
        assembler.take(&status(StatusCode::Unset, ""), &timeline, &mut tally);
        let is_error = |fact: &Record<'_>| matches!(fact, Record::Status(status) if status.code == StatusCode::Error);
        let facts = waiting(&assembler);
        assert!(facts.len() == 2 && is_error(&facts[0]), "{facts:?}");
        assert!(matches!(facts[1], Record::Name { name: "last", .. }), "{facts:?}");
        assembler.take(&status(StatusCode::Ok, ""), &timeline, &mut tally);
        assembler.take(&error, &timeline, &mut tally);
        assert!(!waiting(&assembler).iter().any(is_error), "what is good stays good");
        assert_eq!(tally.facts_evicted, 0);
    }

    #[test]
    fn spans_that_never_end_take_no_more_than_the_table_may_have() {
        let timeline = Timeline::start();
        for limit in [0, 128] {
            let (mut assembler, mut tally) = (assembler(limit), Tally::default());
            let mut link = words(&Record::Link(Link {
                span_id: SpanId::new(1).unwrap(),
                context: SpanContext {
                    trace_id: TraceId::new(1).unwrap(),
                    span_id: SpanId::new(9).unwrap(),
                    flags: TraceFlags::SAMPLED,
                    is_remote: false,
                },
                attributes: Fields::NONE,
            }));
            for span in 1..=200_000 {
                link[1] = span;
                assembler.take(&link, &timeline, &mut tally);
            }
            let spans = assembler.waiting.len();
            assert!(spans * ENTRY_BYTES <= TABLE_BYTES_MAX, "{spans} spans, limit {limit}");
            assert!(assembler.by_age.len() <= 2 * spans + 1_024);
            assert_eq!(tally.facts_evicted > 0, limit > 0, "past a limit nothing waits");
            assembler.forget();
            assert_eq!((assembler.bytes, assembler.waiting.len()), (0, 0));
        }
    }
}
