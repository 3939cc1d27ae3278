//! The short way of the OTLP encoder: what may be written key by key, without a list of all attributes.
//!
//! It holds for a span that says each fact once, and of which no dialect makes anything more.

use super::vocabulary::{FactBits, Vocabulary, Word};
use super::{Dialect, came_out};
use crate::operation::Operation;

/// The bit of every name that a namespace may change: two of them may become one.
const NAMESPACED: FactBits = 1 << 63;

/// Which facts of a span leave only the long way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByList {
    always: FactBits,
    /// Where somebody set the status.
    with_status: FactBits,
    /// Whether it is said how agents and tools came out.
    says_outcome: bool,
}

impl ByList {
    #[inline(always)]
    pub(crate) fn has(self, facts: FactBits, has_status: bool) -> bool {
        facts & self.always != 0 || has_status && facts & self.with_status != 0
    }

    /// Tells whether whatever does this leaves only the long way.
    #[inline(always)]
    pub(crate) fn has_all_of(self, operation: Operation) -> bool {
        self.says_outcome && came_out::is_said_of(operation)
    }
}

impl Vocabulary {
    /// Returns which facts leave only the long way.
    pub(crate) fn by_list(&self) -> ByList {
        let namespaced = if self.namespace.is_some() { NAMESPACED } else { 0 };
        let says_outcome = self.dialects.contains(Dialect::Page);
        let mut by_list = ByList { always: namespaced, with_status: 0, says_outcome };
        for word in self.words.values() {
            let is_another_form = word.spellings.iter().any(|spelling| spelling.is_double);
            if is_another_form || self.dialects.contains(Dialect::OpenInference) {
                by_list.always |= word.bit;
            }
            if says_outcome && word.key == came_out::TOOL {
                by_list.with_status |= word.bit;
            }
        }
        by_list
    }

    /// Returns which facts a name stands for, as bits: those it is read as, and those that the chosen
    /// dialects write under it, because of either it may be the second that a span says.
    pub(crate) fn bits_of(&self, name: &str) -> FactBits {
        let namespaced = self.namespace.as_ref().is_some_and(|namespace| namespace.has(name));
        let read = self.word(name).map_or(0, |word| word.bit);
        let is_written = |word: &&Word| word.spellings.iter().any(|spelling| spelling.name == name);
        let written = self.words.values().filter(is_written).fold(0, |bits, word| bits | word.bit);
        let namespaced = if namespaced { NAMESPACED } else { 0 };
        read | written | namespaced
    }

    /// Returns the names under which an attribute is written where the short way holds.
    pub(crate) fn names_of(&self, name: &'static str) -> Vec<&'static str> {
        let Some(word) = self.word(name).filter(|word| !word.spellings.is_empty()) else {
            return vec![name];
        };
        let others = word.spellings.iter().map(|spelling| spelling.name);
        if word.key == name {
            others.collect()
        } else {
            std::iter::once(name).chain(others.filter(|other| *other != name)).collect()
        }
    }
}
