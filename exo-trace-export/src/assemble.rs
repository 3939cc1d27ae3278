//! Joins facts to their span: what was written early, late, or on another thread.
//!
//! A span without the foreign bit is whole when it is read, because all its facts precede it in the
//! same ring. With the bit it is held until the next full pass over all rings ends: whatever was
//! written before the span ended is read by then (see `DESIGN.md`, "When is a span whole?"). Facts
//! that wait for a span still open are bounded in number per span and in bytes for all, never by
//! age; when the table is full the oldest go, counted.

use crate::SpanData;
use crate::batch::{Batch, Over, Whole, Words};
use crate::config::Limits;
use crate::resource::Resource;
use crate::statistics::Tally;
use crate::timeline::Timeline;
use exo_trace_core::{Event, Facts, Failure, Fields, KeyId, Link, Record, SpanId};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// How many bytes of facts may wait for spans that are still open.
const TABLE_BYTES_MAX: usize = 16 << 20;
/// How many foreign spans are remembered after they left, to tell a late fact from an early one.
const DEPARTED_MAX: usize = 16_384;

/// What waits for one open span.
#[derive(Debug, Default)]
struct Waiting {
    age: u64,
    words: Vec<u64>,
    ends: Vec<usize>,
    /// What each fact gives a value to, if that is one key.
    said: Vec<Option<(KeyId, u8)>>,
    attributes: usize,
    events: usize,
    links: usize,
    over: Over,
}

pub(crate) struct Assembler {
    limits: Limits,
    waiting: HashMap<SpanId, Waiting>,
    by_age: VecDeque<(u64, SpanId)>,
    age: u64,
    bytes: usize,
    /// Foreign spans read in this pass, and those of the pass before.
    read_now: Vec<Box<[u64]>>,
    read_before: Vec<Box<[u64]>>,
    departed: HashSet<SpanId>,
    departed_by_age: VecDeque<SpanId>,
    batch: Batch,
}

impl Assembler {
    pub(crate) fn new(limits: Limits, resource: Arc<Resource>) -> Self {
        Self {
            limits,
            waiting: HashMap::new(),
            by_age: VecDeque::new(),
            age: 0,
            bytes: 0,
            read_now: Vec::new(),
            read_before: Vec::new(),
            departed: HashSet::new(),
            departed_by_age: VecDeque::new(),
            batch: Batch::new(resource),
        }
    }

    /// Takes one record as it came out of a ring.
    pub(crate) fn take(&mut self, words: &[u64], timeline: &Timeline, tally: &mut Tally) {
        match Record::decode(words) {
            Ok(Record::Span(span)) if span.is_foreign => self.read_now.push(words.into()),
            Ok(Record::Span(_)) => self.release(words, timeline, tally),
            Ok(fact) => {
                if let Some(span_id) = Record::span_id(words) {
                    self.keep(span_id, &fact, words, tally);
                }
            }
            Err(_) => tally.undecodable += 1,
        }
    }

    /// Ends a pass over all rings: what was held since the pass before is whole now.
    pub(crate) fn end_pass(&mut self, timeline: &Timeline, tally: &mut Tally) {
        for words in std::mem::take(&mut self.read_before) {
            if let Some(span_id) = Record::span_id(&words) {
                self.remember(span_id);
            }
            self.release(&words, timeline, tally);
        }
        self.read_before = std::mem::take(&mut self.read_now);
    }

    /// Tells whether a span waits for the next pass.
    pub(crate) fn is_holding(&self) -> bool {
        !self.read_before.is_empty() || !self.read_now.is_empty()
    }

    /// Returns the whole spans so far and starts another batch.
    pub(crate) fn batch(&mut self) -> Batch {
        let resource = Arc::clone(&self.batch.resource);
        std::mem::replace(&mut self.batch, Batch::new(resource))
    }

    /// Forgets what waits for spans that will not come, and returns how many facts that were.
    pub(crate) fn forget(&mut self) -> u64 {
        self.bytes = 0;
        self.by_age.clear();
        self.waiting.drain().map(|(_, waiting)| waiting.ends.len() as u64).sum()
    }

    /// How many whole spans wait to be sent.
    pub(crate) fn len(&self) -> usize {
        self.batch.len()
    }

    /// Puts a span and its facts into the batch.
    fn release(&mut self, words: &[u64], timeline: &Timeline, tally: &mut Tally) {
        let Ok(Record::Span(span)) = Record::decode(words) else { return };
        let waiting = span_id_of(&self.waiting, span.span_id)
            .and_then(|span_id| self.waiting.remove(&span_id))
            .unwrap_or_default();
        self.bytes -= waiting.words.len() * size_of::<u64>();
        let record = self.batch.append(words);
        let start = span.start_ticks;
        in_unix_nanos(&mut self.batch.words, &record, 1, start, timeline);
        in_unix_nanos(&mut self.batch.words, &record, 2, start, timeline);
        let first_fact = self.batch.facts.len();
        let mut truncated = Vec::new();
        note_truncated(span.attributes, &mut truncated);
        let mut begin = 0;
        for &end in &waiting.ends {
            let fact = waiting.words.get(begin..end).unwrap_or_default();
            begin = end;
            let place = self.batch.append(fact);
            match Record::decode(fact) {
                Ok(
                    Record::Event(Event { attributes, .. })
                    | Record::Failure(Failure { attributes, .. }),
                ) => {
                    in_unix_nanos(&mut self.batch.words, &place, 2, start, timeline);
                    note_truncated(attributes, &mut truncated);
                }
                Ok(
                    Record::Facts(Facts { attributes, .. }) | Record::Link(Link { attributes, .. }),
                ) => note_truncated(attributes, &mut truncated),
                _ => {}
            }
            self.batch.facts.push(place);
        }
        let facts = first_fact..self.batch.facts.len();
        let place = self.batch.len();
        self.batch.spans.push(Whole { record, facts, over: waiting.over, truncated });
        tally.span(&SpanData::borrowed(&self.batch, place));
    }

    /// Keeps a fact until its span comes, within the limits.
    fn keep(&mut self, span_id: SpanId, fact: &Record<'_>, words: &[u64], tally: &mut Tally) {
        if self.departed.contains(&span_id) {
            tally.late_orphaned += 1;
            return;
        }
        let age = &mut self.age;
        let by_age = &mut self.by_age;
        let waiting = self.waiting.entry(span_id).or_insert_with(|| {
            *age += 1;
            by_age.push_back((*age, span_id));
            Waiting { age: *age, ..Waiting::default() }
        });
        let before = waiting.words.len();
        if !waiting.replace(fact, words) && waiting.admit(fact, &self.limits) {
            waiting.words.extend_from_slice(words);
            waiting.ends.push(waiting.words.len());
            waiting.said.push(said_by(fact));
        }
        self.bytes =
            self.bytes + waiting.words.len() * size_of::<u64>() - before * size_of::<u64>();
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
            self.bytes -= waiting.words.len() * size_of::<u64>();
            tally.facts_evicted += waiting.ends.len() as u64;
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

impl Waiting {
    /// Counts a fact against its span's limits; `false` when it went over one.
    fn admit(&mut self, fact: &Record<'_>, limits: &Limits) -> bool {
        let (count, max, over) = match fact {
            Record::Facts(_) => {
                (&mut self.attributes, limits.attribute_count_max, &mut self.over.attributes)
            }
            Record::Event(_) | Record::Failure(_) => {
                (&mut self.events, limits.event_count_max, &mut self.over.events)
            }
            Record::Link(_) => (&mut self.links, limits.link_count_max, &mut self.over.links),
            _ => return true,
        };
        if *count < max {
            *count += 1;
            return true;
        }
        *over += 1;
        false
    }

    /// Puts an attribute in the place of one that says the same key; `false` when none does.
    ///
    /// A value that is said again and again takes one place, and no more memory.
    fn replace(&mut self, fact: &Record<'_>, words: &[u64]) -> bool {
        let new = said_by(fact);
        let known = new.and_then(|_| self.said.iter().position(|&old| old == new));
        let Some(place) = known else { return false };
        let begin = place.checked_sub(1).and_then(|before| self.ends.get(before));
        let (begin, end) = (begin.copied().unwrap_or_default(), self.ends.get(place).copied());
        let end = end.unwrap_or(begin);
        self.words.splice(begin..end, words.iter().copied());
        for later in self.ends.iter_mut().skip(place) {
            *later = *later - end + begin + words.len();
        }
        true
    }
}

/// Returns the key of a lone attribute, and its place among those of its call site.
fn said_by(fact: &Record<'_>) -> Option<(KeyId, u8)> {
    let Record::Facts(facts) = fact else { return None };
    let mut said = facts.attributes.iter();
    let only = said.next()?;
    said.next().is_none().then_some((only.key, only.order))
}

/// Skips the look-up where nothing waits, which is the common case.
fn span_id_of(waiting: &HashMap<SpanId, Waiting>, span_id: SpanId) -> Option<SpanId> {
    (!waiting.is_empty()).then_some(span_id)
}

/// Turns the ticks at one word of a record into Unix nanoseconds.
fn in_unix_nanos(words: &mut [u64], record: &Words, at: usize, start: u64, timeline: &Timeline) {
    if let Some(word) = words.get_mut(record.start + at) {
        *word = timeline.unix_nanos(*word, start);
    }
}

fn note_truncated(attributes: Fields<'_>, truncated: &mut Vec<&'static str>) {
    for attribute in attributes.iter().filter(|attribute| attribute.is_cut) {
        let key = attribute.key.key().map(|key| key.as_str());
        // A span and its events may cut values of the same name.
        truncated.extend(key.filter(|key| !truncated.contains(key)));
    }
}
