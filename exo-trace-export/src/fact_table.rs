//! Facts that came before their span: a table with a bound, in which each waits for its span to end.
//!
//! Facts are bounded in number per span and in bytes for all, never by age; when the table is full the
//! oldest go, counted. Whoever comes when its span has left is late, and counted too.

use crate::config::Limits;
use crate::statistics::Tally;
use crate::waiting::Waiting;
use exo_trace_core::{CallsiteId, Record, SpanId, SpanRecord};
use exo_trace_std::StatusCode;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// How many bytes of facts may wait for spans that are still open.
const TABLE_BYTES_MAX: usize = 16 << 20;
/// How many empty places of the table are kept to be used again.
const SPARE_MAX: usize = 256;
/// How many foreign spans are remembered after they left, to tell a late fact from an early one.
const DEPARTED_MAX: usize = 16_384;

pub(crate) struct FactTable {
    limits: Limits,
    waiting: FxHashMap<SpanId, Waiting>,
    /// Empty ones, whose lists are used again.
    spare: Vec<Waiting>,
    by_age: VecDeque<(u64, SpanId)>,
    age: u64,
    bytes: usize,
    departed: FxHashSet<SpanId>,
    departed_by_age: VecDeque<SpanId>,
}

impl FactTable {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            waiting: FxHashMap::default(),
            spare: Vec::new(),
            by_age: VecDeque::new(),
            age: 0,
            bytes: 0,
            departed: FxHashSet::default(),
            departed_by_age: VecDeque::new(),
        }
    }

    /// How many of each a span keeps.
    #[cfg(feature = "device")]
    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// Keeps a fact until its span comes, within the limits.
    pub(crate) fn keep(
        &mut self,
        span_id: SpanId,
        fact: &Record<'_>,
        words: &[u64],
        tally: &mut Tally,
    ) {
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

    /// Tells whether no fact waits.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Returns the words of what waits for a span, and leaves it there.
    #[inline]
    pub(crate) fn facts_of(&self, span_id: SpanId) -> impl Iterator<Item = &[u64]> {
        // Nothing waits for most spans, and nothing at all most of the time.
        let waiting = if self.waiting.is_empty() { None } else { self.waiting.get(&span_id) };
        waiting.map(Waiting::facts).into_iter().flatten()
    }

    /// Takes what waits for a span that is whole, as much as there is room for beside what its call
    /// site announced.
    #[inline]
    pub(crate) fn take(&mut self, span_id: SpanId, words: &[u64]) -> Option<Waiting> {
        if self.waiting.is_empty() { None } else { self.take_waiting(span_id, words) }
    }

    #[inline(never)]
    fn take_waiting(&mut self, span_id: SpanId, words: &[u64]) -> Option<Waiting> {
        let mut waiting = self.waiting.remove(&span_id)?;
        self.bytes -= waiting.bytes();
        let announced = Record::span_again(words).map_or(0, |span| announced(&span));
        waiting.make_room_for(announced, &self.limits);
        Some(waiting)
    }

    /// Takes back the lists of what was taken, to be used again.
    pub(crate) fn reuse(&mut self, mut waiting: Waiting) {
        if self.spare.len() < SPARE_MAX && waiting.clear() {
            self.spare.push(waiting);
        }
    }

    /// Forgets what waits for spans that will not come, and returns how many facts that were.
    pub(crate) fn forget(&mut self) -> u64 {
        self.bytes = 0;
        self.by_age.clear();
        self.waiting.drain().map(|(_, waiting)| waiting.count()).sum()
    }

    /// Remembers a foreign span that has left.
    pub(crate) fn remember(&mut self, span_id: SpanId) {
        self.departed.insert(span_id);
        self.departed_by_age.push_back(span_id);
        if self.departed_by_age.len() > DEPARTED_MAX
            && let Some(oldest) = self.departed_by_age.pop_front()
        {
            self.departed.remove(&oldest);
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
            tally.facts_evicted += waiting.count();
        }
    }
}

/// How many attributes the call site of a span gave it, in its text and in its words.
fn announced(span: &SpanRecord<'_>) -> usize {
    let callsite = span.callsite.and_then(CallsiteId::callsite);
    span.attributes.len() + callsite.map_or(0, |callsite| callsite.facts().attributes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waiting::ENTRY_BYTES;
    use exo_trace_core::{
        Facts, Fields, InternedKey, Key, Link, Ring, Slot, SpanContext, StatusRecord, TraceFlags,
        TraceId, Value,
    };
    use std::sync::Mutex;

    fn table(limit: usize) -> FactTable {
        FactTable::new(Limits {
            attribute_count_max: limit,
            event_count_max: limit,
            link_count_max: limit,
        })
    }

    /// Keeps a fact as it came out of a ring.
    fn keep(table: &mut FactTable, words: &[u64], tally: &mut Tally) {
        let fact = Record::decode(words).unwrap();
        table.keep(Record::span_id(words).unwrap(), &fact, words, tally);
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
    fn waiting(table: &FactTable) -> Vec<Record<'_>> {
        let waiting = &table.waiting[&SpanId::new(1).unwrap()];
        waiting.facts().map(|fact| Record::decode(fact).unwrap()).collect()
    }

    #[test]
    fn a_status_and_a_name_said_again_and_again_take_one_place_each() {
        let (mut table, mut tally) = (table(128), Tally::default());
        let text = "e".repeat(4_000);
        let (error, long) = (status(StatusCode::Error, &text), name(1, &text));
        for _ in 0..10_000 {
            keep(&mut table, &error, &mut tally);
            keep(&mut table, &long, &mut tally);
        }
        assert!(table.bytes < 10_000, "{} bytes", table.bytes);
        keep(&mut table, &name(1, "last"), &mut tally);
        keep(&mut table, &status(StatusCode::Unset, ""), &mut tally);
        let is_error = |fact: &Record<'_>| matches!(fact, Record::Status(status) if status.code == StatusCode::Error);
        let facts = waiting(&table);
        assert!(facts.len() == 2 && is_error(&facts[0]), "{facts:?}");
        assert!(matches!(facts[1], Record::Name { name: "last", .. }), "{facts:?}");
        keep(&mut table, &status(StatusCode::Ok, ""), &mut tally);
        keep(&mut table, &error, &mut tally);
        assert!(!waiting(&table).iter().any(is_error), "what is good stays good");
        assert_eq!(tally.facts_evicted, 0);
    }

    #[test]
    fn spans_that_never_end_take_no_more_than_the_table_may_have() {
        for limit in [0, 128] {
            let (mut table, mut tally) = (table(limit), Tally::default());
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
                keep(&mut table, &link, &mut tally);
            }
            let spans = table.waiting.len();
            assert!(spans * ENTRY_BYTES <= TABLE_BYTES_MAX, "{spans} spans, limit {limit}");
            assert!(table.by_age.len() <= 2 * spans + 1_024);
            let evicted = tally.facts_evicted;
            assert_eq!(evicted + table.forget(), 200_000, "over its limit or not, each is counted");
            assert!(evicted > 0);
            assert_eq!((table.bytes, table.waiting.len()), (0, 0));
        }
    }

    #[test]
    fn what_a_call_site_announced_is_counted_before_what_came_later() {
        static KEYS: [InternedKey; 3] = [
            InternedKey::new(Key::new("one")),
            InternedKey::new(Key::new("two")),
            InternedKey::new(Key::new("three")),
        ];
        let span_id = SpanId::new(1).unwrap();
        let taken = |limit, announced| {
            let (mut table, mut tally) = (table(limit), Tally::default());
            for key in &KEYS {
                let fact: Vec<_> = Facts::words_of(span_id, key.id(), Value::I64(7)).collect();
                keep(&mut table, &fact, &mut tally);
            }
            keep(&mut table, &status(StatusCode::Ok, ""), &mut tally);
            let mut waiting = table.waiting.remove(&span_id).unwrap();
            waiting.make_room_for(announced, &table.limits);
            (waiting.facts().count(), waiting.over.attributes)
        };
        assert_eq!(taken(5, 2), (4, 0), "three, and the status");
        assert_eq!(taken(4, 2), (3, 1));
        assert_eq!(taken(2, 2), (1, 3), "no attribute is left, and what is none stays");
        assert_eq!(taken(1, 2), (1, 3));
    }
}
