//! What was said of a span, under the keys it was said under: what dialects are made of.

use super::{CameOut, Vocabulary};
use exo_trace_std::Value;

/// Attributes under the keys that call sites use.
pub(crate) type Attributes<'a> = [(&'static str, Value<'a>)];

/// What was said of a span.
#[derive(Clone, Copy)]
pub(crate) struct Said<'s, 'a> {
    pub(crate) attributes: &'s Attributes<'a>,
    pub(super) came_out: CameOut<'a>,
    pub(super) vocabulary: &'s Vocabulary,
}

impl<'a> Said<'_, 'a> {
    /// Returns what was said under exactly this name, an empty value too.
    pub(super) fn under(&self, name: &str) -> Option<Value<'a>> {
        let found = self.attributes.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }

    /// Returns what was said under `key`, else under another dialect's name for it; nothing where
    /// that was an empty value.
    pub(super) fn of(&self, key: &str) -> Option<Value<'a>> {
        let said = self.under(key).or_else(|| {
            let aliases = &self.vocabulary.word(key).filter(|word| word.key == key)?.aliases;
            let mut others = self.attributes.iter();
            others.find_map(|(name, value)| aliases.contains(name).then_some(*value))
        });
        said.filter(|value| !matches!(value, Value::Empty))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.of(key).is_some()
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        match self.of(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number(&self, key: &str) -> Option<i64> {
        match self.of(key)? {
            Value::I64(number) => Some(number),
            _ => None,
        }
    }
}
