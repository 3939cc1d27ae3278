//! Whole spans on their way to a destination: the records' own words, and which belong together.
//!
//! No object is made for a span or an attribute: a batch is one run of words copied from the rings,
//! with the ticks in it already turned into Unix nanoseconds, and a list of where each span and its
//! facts stand. Destinations share a batch and read it through [`SpanData`].

use crate::SpanData;
use crate::derived::DerivedList;
use crate::dialect::Vocabulary;
use crate::identities::Identities;
use crate::operation::Operation;
use crate::recycled::{Recycled, Shelf};
use crate::resource::Resource;
use crate::truncated::Truncated;
use exo_trace_core::{Record, SpanRecord};
use exo_trace_std::SpanKind;
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

/// Where the times stand in a record of a span, and in one of an event or a failure.
pub(crate) const START_WORD: usize = 1;
pub(crate) const END_WORD: usize = 2;
pub(crate) const FACT_TIME_WORD: usize = 2;

/// A run of a batch's words, or of its facts; there are never as many as four thousand million: a
/// batch leaves at a number of spans, and a record's length has 16 bits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Run {
    start: u32,
    end: u32,
}

impl Run {
    #[inline(always)]
    pub(crate) fn new(start: usize, end: usize) -> Self {
        debug_assert!(end <= u32::MAX as usize, "a batch leaves before");
        Self { start: start as u32, end: end as u32 }
    }

    #[inline(always)]
    pub(crate) fn start(self) -> usize {
        self.start as usize
    }

    #[inline(always)]
    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }

    #[inline(always)]
    pub(crate) fn places(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) words: Recycled<u64>,
    pub(crate) facts: Recycled<Run>,
    pub(crate) spans: Recycled<Whole>,
    pub(crate) derived: DerivedList,
    pub(crate) truncated: Truncated,
    pub(crate) resource: Arc<Resource>,
    /// By which names its attributes go.
    pub(crate) vocabulary: Arc<Vocabulary>,
}

/// A batch that is being filled, and where the next one comes from.
#[derive(Debug)]
pub(crate) struct Filling {
    pub(crate) batch: Batch,
    pub(crate) identities: Identities,
    shelves: Shelves,
}

impl Filling {
    pub(crate) fn new(resource: Arc<Resource>, vocabulary: Arc<Vocabulary>) -> Self {
        let shelves = Shelves::default();
        let batch = shelves.batch_like(&Batch { resource, vocabulary, ..Batch::default() });
        Self { batch, identities: Identities::default(), shelves }
    }

    /// Returns the batch as it is and starts another.
    pub(crate) fn take(&mut self) -> Batch {
        self.identities.forget();
        let next = self.shelves.batch_like(&self.batch);
        std::mem::replace(&mut self.batch, next)
    }
}

/// Where the lists of batches come from, and where they go when nobody reads them any more.
#[derive(Debug, Default)]
struct Shelves {
    words: Arc<Shelf<u64>>,
    facts: Arc<Shelf<Run>>,
    spans: Arc<Shelf<Whole>>,
}

impl Shelves {
    /// Returns an empty batch with room for what is in another.
    fn batch_like(&self, other: &Batch) -> Batch {
        Batch {
            words: self.words.take(other.words.len()),
            facts: self.facts.take(other.facts.len()),
            spans: self.spans.take(other.spans.len()),
            derived: DerivedList::default(),
            truncated: Truncated::default(),
            resource: Arc::clone(&other.resource),
            vocabulary: Arc::clone(&other.vocabulary),
        }
    }
}

/// Where a span stands in its batch, and what is known of it beyond its records.
#[derive(Clone, Debug, Default)]
pub(crate) struct Whole {
    pub(crate) record: Run,
    /// Places in [`Batch::facts`].
    pub(crate) facts: Run,
    /// What went over a limit on this side of the ring.
    pub(crate) over: Over,
    pub(crate) operation: Operation,
    /// That of its call site.
    pub(crate) kind: SpanKind,
}

/// Facts of one span that went over a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Over {
    pub(crate) attributes: u32,
    pub(crate) events: u32,
    pub(crate) links: u32,
}

impl Batch {
    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Tells whether the spans of both say the same resource, which most often is one object.
    pub(crate) fn is_of_same_machine(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.resource, &other.resource) || self.resource == other.resource
    }

    /// How much there is in the batch to be read, in bytes, roughly.
    pub(crate) fn filled_bytes(&self) -> usize {
        self.words.len() * size_of::<u64>()
            + self.facts.len() * size_of::<Run>()
            + self.spans.len() * size_of::<Whole>()
            + self.derived.bytes()
            + self.truncated.bytes()
    }

    /// How much memory the batch holds on to, roughly: its lists keep the room they once had, and a list
    /// that grew has up to twice what is in it.
    pub(crate) fn held_bytes(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
            + self.facts.capacity() * size_of::<Run>()
            + self.spans.capacity() * size_of::<Whole>()
            + self.derived.bytes()
            + self.truncated.bytes()
    }

    /// Appends words and says where they stand.
    #[inline(always)]
    pub(crate) fn append(&mut self, words: &[u64]) -> Run {
        let start = self.words.len();
        self.words.extend_from_slice(words);
        Run::new(start, self.words.len())
    }

    /// Adds a fact, the words of a record, to the span at `place`.
    pub(crate) fn add_fact(&mut self, place: usize, words: &[u64]) {
        let Some(facts) = self.spans.get(place).map(|whole| whole.facts.places()) else { return };
        // A span's facts stand together; only those of the last one can grow where they are.
        if facts.end != self.facts.len() {
            let moved: Vec<_> = self.facts.get(facts).unwrap_or_default().to_vec();
            self.spans[place].facts = Run::new(self.facts.len(), self.facts.len() + moved.len());
            self.facts.extend_from_slice(&moved);
        }
        let fact = self.append(words);
        self.facts.push(fact);
        self.spans[place].facts.end += 1;
    }

    /// Returns every span.
    pub(crate) fn data(&self) -> impl Iterator<Item = SpanData<'_>> {
        (0..self.len()).map(|place| SpanData::borrowed(self, place))
    }

    /// Returns every span in the order in which they ended, so that children come before their
    /// parent: spans of several threads stand in the order in which the threads were visited.
    pub(crate) fn by_end(&self) -> impl Iterator<Item = SpanData<'_>> {
        let ended = |place: &usize| {
            let (start, end) = SpanData::borrowed(self, *place).stretch();
            // Of two that ended at once, the parent is the one that began before.
            (end, Reverse(start))
        };
        // As a program of one thread leaves them.
        let is_sorted = (0..self.len()).is_sorted_by_key(|place| ended(&place));
        let mut sorted: Vec<_> = if is_sorted { Vec::new() } else { (0..self.len()).collect() };
        sorted.sort_by_key(ended);
        (0..self.len())
            .map(move |place| SpanData::borrowed(self, sorted.get(place).copied().unwrap_or(place)))
    }

    /// Returns the record of the span at `place`, which is below [`Batch::len`].
    #[inline(always)]
    pub(crate) fn record(&self, place: usize) -> SpanRecord<'_> {
        let words = self.words.get(self.spans[place].record.places()).unwrap_or_default();
        // The assembler puts only decoded spans into a batch.
        Record::span_again(words).unwrap_or_else(|| unreachable!("a batch holds spans"))
    }

    /// Returns the facts of the span at `place`, in the order they were written.
    pub(crate) fn facts_of(&self, place: usize) -> impl Iterator<Item = Record<'_>> {
        self.fact_words_of(place).filter_map(Record::decode_again)
    }

    /// Returns the words of each of those facts.
    #[inline]
    pub(crate) fn fact_words_of(&self, place: usize) -> impl Iterator<Item = &[u64]> {
        let places = self.facts.get(self.spans[place].facts.places()).unwrap_or_default();
        places.iter().filter_map(|place| self.words.get(place.places()))
    }

    /// Returns a batch of one span, a copy.
    pub(crate) fn only(&self, place: usize) -> Self {
        let mut one = Self {
            words: Recycled::default(),
            facts: Recycled::default(),
            spans: Recycled::default(),
            derived: self.derived.only(place),
            truncated: self.truncated.only(place),
            resource: Arc::clone(&self.resource),
            vocabulary: Arc::clone(&self.vocabulary),
        };
        let Some(whole) = self.spans.get(place) else { return one };
        let words = |run: &Run| self.words.get(run.places()).unwrap_or_default();
        let record = one.append(words(&whole.record));
        for fact in self.facts.get(whole.facts.places()).unwrap_or_default() {
            let fact = one.append(words(fact));
            one.facts.push(fact);
        }
        let facts = Run::new(0, one.facts.len());
        one.spans.push(Whole { record, facts, ..whole.clone() });
        one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_holds_the_room_its_lists_grew_to_and_the_next_has_as_much_from_the_start() {
        let mut filling = Filling::new(Arc::default(), Arc::default());
        (0..1_025).for_each(|word| _ = filling.batch.append(&[word]));
        let batch = filling.take();
        assert_eq!(batch.filled_bytes(), 1_025 * size_of::<u64>());
        assert!(batch.held_bytes() >= 2_048 * size_of::<u64>());
        assert_eq!(filling.batch.words.capacity(), 1_280);
    }

    #[test]
    fn what_spans_hold_on_to_beside_their_words_counts_in_the_bytes() {
        let filled = |truncated: &'static str, text: &str| {
            let mut filling = Filling::new(Arc::default(), Arc::default());
            filling.batch.spans.push(Whole::default());
            (0..truncated.len()).for_each(|n| filling.batch.truncated.add(0, &truncated[n..]));
            filling.batch.derived.add(0, "llm.invocation_parameters", text);
            filling.take()
        };
        let (plain, cut, long) =
            (filled("", ""), filled("a key", ""), filled("", &"x".repeat(5_000)));
        for bytes in [Batch::filled_bytes, Batch::held_bytes] {
            let cut_bytes = bytes(&cut) - bytes(&plain);
            assert!(cut_bytes >= 5 * size_of::<&str>());
            assert_eq!(bytes(&long) - bytes(&plain), 5_000);
            assert_eq!(bytes(&cut.only(0)) - bytes(&plain.only(0)), cut_bytes);
        }
    }
}
