//! The facts that wait for one open span: in the order they came, each thing said once.

use crate::batch::Over;
use crate::config::Limits;
use exo_trace_core::{Facts, KeyId, Record};
use exo_trace_std::StatusCode;

/// What one open span in the table takes beside its facts' words: its place in the map and in the
/// order of age, and what its lists begin with.
pub(crate) const ENTRY_BYTES: usize = 300;
/// What one fact takes beside its words.
const FACT_BYTES: usize = 24;

/// A list of more words is not kept when its span has left.
const SPARE_WORDS_MAX: usize = 512;

/// What waits for one open span.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    pub(crate) age: u64,
    words: Vec<u64>,
    ends: Vec<usize>,
    /// What each fact gives a value to, if that is one thing.
    said: Vec<Option<Said>>,
    attributes: usize,
    events: usize,
    links: usize,
    pub(crate) over: Over,
}

/// What a fact gives a value to, so that a later one takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// A key, and its place among those of its call site.
    Attribute(KeyId, u8),
    Status,
    Name,
}

impl Waiting {
    pub(crate) fn aged(self, age: u64) -> Self {
        Self { age, ..self }
    }

    /// Forgets everything but the room; `false` when there is none worth keeping.
    pub(crate) fn clear(&mut self) -> bool {
        let Self { words, ends, said, .. } = self;
        if !(1..=SPARE_WORDS_MAX).contains(&words.capacity()) {
            return false;
        }
        let lists = (std::mem::take(words), std::mem::take(ends), std::mem::take(said));
        *self = Self { words: lists.0, ends: lists.1, said: lists.2, ..Self::default() };
        self.words.clear();
        self.ends.clear();
        self.said.clear();
        true
    }

    /// Returns the words of each fact, in the order they are to be read.
    pub(crate) fn facts(&self) -> impl Iterator<Item = &[u64]> {
        let begins = std::iter::once(&0).chain(&self.ends);
        begins.zip(&self.ends).map(|(&from, &to)| self.words.get(from..to).unwrap_or_default())
    }

    /// How many facts are lost if its span never comes: those that wait, and those over its limits,
    /// which the span would have counted.
    pub(crate) fn count(&self) -> u64 {
        let Over { attributes, events, links } = self.over;
        self.ends.len() as u64 + u64::from(attributes) + u64::from(events) + u64::from(links)
    }

    /// Keeps a fact, in the place of an older one or within the limits.
    pub(crate) fn keep(&mut self, fact: &Record<'_>, words: &[u64], limits: &Limits) {
        let said = said_by(fact);
        if !self.replace(said, words) && self.admit(fact, limits) {
            self.words.extend_from_slice(words);
            self.ends.push(self.words.len());
            self.said.push(said);
        }
    }

    /// Lets go of attributes that came last, and counts them, where the span has so many others that
    /// they went over its limit.
    #[inline]
    pub(crate) fn make_room_for(&mut self, others: usize, limits: &Limits) {
        if others + self.attributes > limits.attribute_count_max {
            self.keep_attributes(limits.attribute_count_max.saturating_sub(others));
        }
    }

    #[cold]
    fn keep_attributes(&mut self, max: usize) {
        let (mut words, mut ends, mut said, mut kept) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for (fact, says) in self.facts().zip(&self.said) {
            let attributes = Facts::attributes_again(fact).map_or(0, |attributes| attributes.len());
            // Facts that came together stay together, even past the limit.
            if attributes == 0 || kept < max {
                kept += attributes;
                words.extend_from_slice(fact);
                ends.push(words.len());
                said.push(*says);
            }
        }
        self.over.attributes += (self.attributes - kept) as u32;
        *self = Self { words, ends, said, attributes: kept, ..std::mem::take(self) };
    }

    /// How much memory it takes, roughly; an entry without a fact takes some too.
    pub(crate) fn bytes(&self) -> usize {
        ENTRY_BYTES + self.words.len() * size_of::<u64>() + self.ends.len() * FACT_BYTES
    }

    /// Counts a fact against its span's limits; `false` when it went over one.
    fn admit(&mut self, fact: &Record<'_>, limits: &Limits) -> bool {
        let mut facts = 1;
        let (count, max, over) = match fact {
            Record::Facts(gathered) => {
                facts = gathered.attributes.len();
                (&mut self.attributes, limits.attribute_count_max, &mut self.over.attributes)
            }
            Record::Event(_) | Record::Failure(_) => {
                (&mut self.events, limits.event_count_max, &mut self.over.events)
            }
            Record::Link(_) => (&mut self.links, limits.link_count_max, &mut self.over.links),
            _ => return true,
        };
        // Facts that came together stay together, even past the limit.
        if *count < max {
            *count += facts;
            return true;
        }
        *over += facts as u32;
        false
    }

    /// Puts a fact in the place of one that says the same thing; `false` when none does.
    ///
    /// A value that is said again and again takes one place, and no more memory. A status of `Ok`
    /// stays, as it is final.
    fn replace(&mut self, new: Option<Said>, words: &[u64]) -> bool {
        let known = new.and_then(|_| self.said.iter().position(|&old| old == new));
        let Some(place) = known else { return false };
        let begin = place.checked_sub(1).and_then(|before| self.ends.get(before));
        let (begin, end) = (begin.copied().unwrap_or_default(), self.ends.get(place).copied());
        let end = end.unwrap_or(begin);
        let old = self.words.get(begin..end).map(Record::decode);
        if matches!(old, Some(Ok(Record::Status(old))) if old.code == StatusCode::Ok) {
            return true;
        }
        self.words.splice(begin..end, words.iter().copied());
        for later in self.ends.iter_mut().skip(place) {
            *later = *later - end + begin + words.len();
        }
        true
    }
}

/// Returns what a fact that was read gives a value to: a status, a name, or the key of a lone
/// attribute.
fn said_by(fact: &Record<'_>) -> Option<Said> {
    match fact {
        Record::Status(_) => Some(Said::Status),
        Record::Name { .. } => Some(Said::Name),
        Record::Facts(facts) => {
            let mut said = facts.attributes.encoded();
            let only = said.next()?;
            said.next().is_none().then_some(Said::Attribute(only.key(), only.order()))
        }
        _ => None,
    }
}
