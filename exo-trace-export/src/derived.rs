//! Attributes that no call site said: what the drain made of others when a span was whole.
//!
//! Most spans have none, so they stand in one list beside the spans of a batch, by place, and a batch
//! without any pays for an empty list.

use crate::config::ResourceValue;
use exo_trace_std::Value;
use std::ops::Range;

/// The derived attributes of a batch, in the order of its spans.
#[derive(Debug, Default)]
pub(crate) struct DerivedList {
    list: Vec<Derived>,
    /// What the texts in it take.
    text_bytes: usize,
}

#[derive(Clone, Debug)]
struct Derived {
    place: usize,
    key: &'static str,
    value: ResourceValue,
}

impl DerivedList {
    /// Adds an attribute to the span at `place`; what the span says itself under this key stands.
    ///
    /// Spans come in order: no `place` is before the last one.
    pub(crate) fn add(&mut self, place: usize, key: &'static str, value: impl Into<ResourceValue>) {
        debug_assert!(self.list.last().is_none_or(|last| last.place <= place), "spans in order");
        let value = value.into();
        self.text_bytes += text_bytes(&value);
        self.list.push(Derived { place, key, value });
    }

    /// How much memory they hold on to, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.list.len() * size_of::<Derived>() + self.text_bytes
    }

    /// Returns the attributes of the span at `place`.
    pub(crate) fn of(&self, place: usize) -> impl Iterator<Item = (&'static str, Value<'_>)> {
        let derived = self.list.get(self.range(place)).unwrap_or_default();
        derived.iter().map(|Derived { key, value, .. }| (*key, value.as_value()))
    }

    /// Tells whether the span at `place` has any.
    #[cfg(any(feature = "otlp", test))]
    #[inline]
    pub(crate) fn has(&self, place: usize) -> bool {
        !self.list.is_empty() && !self.range(place).is_empty()
    }

    /// Returns those of one span, for a batch of which it is the first.
    pub(crate) fn only(&self, place: usize) -> Self {
        let derived = self.list.get(self.range(place)).unwrap_or_default();
        let mut only = Self::default();
        derived.iter().for_each(|one| only.add(0, one.key, one.value.clone()));
        only
    }

    fn range(&self, place: usize) -> Range<usize> {
        let before = |wanted: usize| self.list.partition_point(|one| one.place < wanted);
        before(place)..before(place + 1)
    }
}

fn text_bytes(value: &ResourceValue) -> usize {
    if let ResourceValue::Text(text) = value { text.capacity() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_span_has_its_own_and_a_copy_of_one_has_them_first() {
        let mut list = DerivedList::default();
        assert!(!list.has(0));
        list.add(1, "a", 1);
        list.add(1, "b", "two");
        list.add(3, "a", 0.5);
        let of = |list: &DerivedList, place| list.of(place).map(|(key, _)| key).collect::<Vec<_>>();
        assert_eq!([0, 1, 2, 3, 4].map(|place| list.has(place)), [false, true, false, true, false]);
        assert_eq!((of(&list, 1), of(&list, 2)), (vec!["a", "b"], vec![]));
        assert_eq!(list.only(3).of(0).collect::<Vec<_>>(), [("a", Value::F64(0.5))]);
        assert!(!list.only(2).has(0));
    }
}
