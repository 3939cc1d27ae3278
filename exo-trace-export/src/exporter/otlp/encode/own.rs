//! What one span says beyond its call site, gathered from its records into lists that are used again.
//!
//! Attributes are put in order and looked through for a key that occurs twice, which is rare; then,
//! and after a failure, the list is made by [`SpanData::attributes`](crate::SpanData::attributes),
//! which knows all the rules.

use super::template::{Keys, Template};
use crate::batch::Batch;
use crate::dialect::FactBits;
use crate::span_data::attributes::readable;
use exo_trace_core::{Encoded, Facts, Fields, Outcome, Record, SpanRecord};
use exo_trace_std::Value;

/// How the attributes of a span can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Its call site's, then its own, each key and each fact once; its own have one name each.
    OneName,
    /// The same, each under all its names.
    AllNames,
    /// From a list.
    List,
}

/// The lists of one span.
#[derive(Debug, Default)]
pub(super) struct Own<'a> {
    /// Its attributes with a key, as they were written.
    attributes: Vec<Encoded<'a>>,
    /// Their order and, below it, their places: single words, which are quickly put in order.
    order: Vec<u64>,
    /// How many have no key.
    pub(super) keyless: u32,
    /// Its facts that are no attributes.
    pub(super) facts: Vec<Record<'a>>,
}

impl<'a> Own<'a> {
    /// Gathers what the records of a span say.
    #[inline]
    pub(super) fn gather(&mut self, batch: &'a Batch, place: usize, span: &SpanRecord<'a>) {
        self.attributes.clear();
        self.order.clear();
        self.facts.clear();
        self.keyless = 0;
        self.take(span.attributes);
        for words in batch.fact_words_of(place) {
            match Facts::attributes_again(words) {
                Some(attributes) => self.take(attributes),
                None => self.facts.extend(Record::decode_again(words)),
            }
        }
        if !self.order.is_sorted() {
            // What was added later stays in the order it was added: its place says so.
            self.order.sort_unstable();
        }
    }

    /// Returns its attributes with a key, in order.
    #[inline]
    pub(super) fn attributes(&self) -> impl Iterator<Item = &Encoded<'a>> {
        self.order.iter().filter_map(|&place| self.attributes.get(place as u32 as usize))
    }

    #[inline(always)]
    fn take(&mut self, attributes: Fields<'a>) {
        for attribute in attributes.encoded() {
            if attribute.key().is_none() {
                self.keyless += 1;
            } else {
                let place = self.attributes.len() as u64;
                self.order.push(u64::from(attribute.order()) << 32 | place);
                self.attributes.push(attribute);
            }
        }
    }

    /// Returns the last value that the span's call site or code gave to a key.
    pub(super) fn value_of(&self, key: &str, keys: &mut Keys) -> Option<Value<'a>> {
        let mut is_it = |attribute: &&Encoded<'a>| {
            keys.of(attribute.key()).is_some_and(|known| known.name == key)
        };
        let last = self.attributes().filter(&mut is_it).last()?;
        last.value().map(readable)
    }

    /// Tells whether its attributes must be seen all at once to be named.
    fn need_list(&self, facts: FactBits, keys: &Keys) -> bool {
        let has_status = self.facts.iter().any(|fact| matches!(fact, Record::Status(_)));
        keys.by_list.has(facts, has_status)
    }

    /// Returns the shortest way to write the span's attributes.
    #[inline]
    pub(super) fn way(
        &self,
        outcome: Outcome,
        truncated: &[&str],
        template: &Template,
        keys: &mut Keys,
    ) -> Way {
        let says_more = outcome != Outcome::Ended || !truncated.is_empty();
        if says_more || self.facts.iter().any(|fact| matches!(fact, Record::Failure(_))) {
            return Way::List;
        }
        let (mut met, mut facts, mut has_one_name) = (0_u64, template.facts, true);
        for (place, attribute) in self.attributes.iter().enumerate() {
            let Some(key) = keys.of(attribute.key()) else { continue };
            // Most keys have a bit of their own, and need no second look.
            let bit = 1 << (attribute.key().to_number() & 63);
            let mut before = self.attributes.iter().take(place);
            let is_twice = met & bit != 0 && before.any(|other| other.key() == attribute.key());
            if is_twice || facts & key.facts != 0 || template.has(key) {
                return Way::List;
            }
            met |= bit;
            facts |= key.facts;
            has_one_name &= key.names.is_empty();
        }
        match has_one_name {
            _ if facts != 0 && self.need_list(facts, keys) => Way::List,
            true => Way::OneName,
            false => Way::AllNames,
        }
    }
}
