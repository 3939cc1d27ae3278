//! What a span says, under the names that the chosen dialects have for it.

use super::said::{Attributes, Said};
use super::vocabulary::{Vocabulary, Word};
use super::{Dialect, came_out, open_inference};
use exo_trace_std::Value;

/// Attributes under the names they are written under.
type Named<'a> = Vec<(&'a str, Value<'a>)>;

impl Vocabulary {
    /// Returns the attributes under the names of the chosen dialects.
    pub(crate) fn written<'a>(&'a self, said: &Said<'_, 'a>) -> Named<'a> {
        let mut list = self.spelt(said.attributes);
        for &name in self.dialects.iter().flat_map(Dialect::derived) {
            let renamed = self.in_namespace(name);
            if list.iter().all(|(known, _)| *known != renamed)
                && let Some(value) = derived(name, said)
            {
                list.push((renamed, value));
            }
        }
        list
    }

    /// Returns the same without what is made of several attributes.
    pub(crate) fn spelt<'a>(&'a self, attributes: &Attributes<'a>) -> Named<'a> {
        let mut list = Vec::with_capacity(attributes.len() + 8);
        for (place, &(name, value)) in attributes.iter().enumerate() {
            match self.word(name) {
                Some(word) if !matches!(value, Value::Empty) => {
                    self.put_word(&mut list, attributes, place, word);
                }
                _ => self.put(&mut list, name, value),
            }
        }
        list
    }

    /// Writes one attribute under all its names.
    fn put_word<'a>(
        &'a self,
        list: &mut Named<'a>,
        attributes: &Attributes<'a>,
        place: usize,
        word: &Word,
    ) {
        let Some(&(name, value)) = attributes.get(place) else { return };
        let is_key = word.key == name;
        if !is_key {
            // As somebody wrote it; it speaks for the others where nobody else does.
            self.put(list, name, value);
            if !self.is_first(attributes, place, word) {
                return;
            }
        }
        let mut is_told = !is_key;
        for spelling in word.spellings.iter().filter(|spelling| is_key || spelling.name != name) {
            let is = |(known, _): &(&str, Value<'_>)| *known == spelling.name;
            let is_said = spelling.name != name && attributes.iter().any(is);
            if is_said || list.iter().any(is) {
                is_told |= is_said && self.is_same(spelling.name, word);
            } else {
                self.put(list, spelling.name, spelling.form(value));
                is_told = true;
            }
        }
        if !is_told {
            // It has no other name here, or another fact has taken all of them.
            self.put(list, name, value);
        }
    }

    /// Tells whether the attribute at `place` is the first of its fact, and nothing stands under the
    /// key itself.
    fn is_first(&self, attributes: &Attributes<'_>, place: usize, word: &Word) -> bool {
        !attributes.iter().take(place).any(|(name, _)| self.is_same(name, word))
            && attributes.iter().all(|(name, _)| *name != word.key)
    }

    fn is_same(&self, name: &str, word: &Word) -> bool {
        self.word(name).is_some_and(|other| other.bit == word.bit)
    }

    fn put<'a>(&'a self, list: &mut Named<'a>, name: &'static str, value: Value<'a>) {
        let renamed = self.in_namespace(name);
        // Only under a namespace two names can become one.
        let same = match self.namespace {
            Some(_) => list.iter_mut().find(|(known, _)| *known == renamed),
            None => None,
        };
        match same {
            Some((_, old)) => *old = value,
            None => list.push((renamed, value)),
        }
    }
}

/// Returns what is made of several attributes under a name of any dialect.
pub(super) fn derived<'a>(name: &str, said: &Said<'_, 'a>) -> Option<Value<'a>> {
    open_inference::derived(name, said).or_else(|| came_out::derived(name, said))
}
