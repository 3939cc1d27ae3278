//! Which values of which spans were cut: known when a batch is filled, and most often nothing.
//!
//! They stand in one list beside the spans of a batch, by place, so that a span without any, as
//! nearly all are, has nothing to be made, moved or given back.

/// The keys of a batch's cut values, in the order of its spans.
#[derive(Debug, Default)]
pub(crate) struct Truncated {
    places: Vec<usize>,
    keys: Vec<&'static str>,
}

impl Truncated {
    /// Adds a key to the span at `place`, once.
    ///
    /// Spans come in order: no `place` is before the last one.
    pub(crate) fn add(&mut self, place: usize, key: &'static str) {
        debug_assert!(self.places.last().is_none_or(|last| *last <= place), "spans in order");
        // A span and its events may cut values of the same name.
        if !self.of(place).contains(&key) {
            self.places.push(place);
            self.keys.push(key);
        }
    }

    /// Returns the keys of the span at `place`, in the order they were met.
    #[inline]
    pub(crate) fn of(&self, place: usize) -> &[&'static str] {
        if self.places.is_empty() { &[] } else { self.found(place) }
    }

    fn found(&self, place: usize) -> &[&'static str] {
        let before = |wanted: usize| self.places.partition_point(|known| *known < wanted);
        self.keys.get(before(place)..before(place + 1)).unwrap_or_default()
    }

    /// How much memory they take, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.keys.len() * (size_of::<usize>() + size_of::<&str>())
    }

    /// Returns those of one span, for a batch of which it is the first.
    pub(crate) fn only(&self, place: usize) -> Self {
        let keys = self.of(place).to_vec();
        Self { places: vec![0; keys.len()], keys }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_span_has_its_own_keys_once() {
        let mut truncated = Truncated::default();
        assert!(truncated.of(0).is_empty());
        for (place, key) in [(1, "a"), (1, "b"), (1, "a"), (4, "a")] {
            truncated.add(place, key);
        }
        assert_eq!([0, 1, 2, 4].map(|place| truncated.of(place).len()), [0, 2, 0, 1]);
        let only = truncated.only(1);
        assert_eq!((only.of(0), only.of(1).len()), (&["a", "b"][..], 0));
        assert_eq!(truncated.bytes() / 3 * 2, only.bytes());
    }
}
