//! Which spans go into one request, and how a request that was too long is divided.

use crate::batch::Batch;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// Spans of several batches: the place of a batch in its group, and places in that batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    parts: VecDeque<(usize, Range<usize>)>,
}

impl Share {
    /// Returns all spans of a group.
    pub(super) fn whole(group: &[Arc<Batch>]) -> Self {
        let mut share = Self::default();
        group.iter().enumerate().for_each(|(batch, spans)| share.add(batch, 0..spans.len()));
        share
    }

    pub(super) fn len(&self) -> usize {
        self.parts.iter().map(|(_, places)| places.len()).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub(super) fn add(&mut self, batch: usize, places: Range<usize>) {
        if !places.is_empty() {
            self.parts.push_back((batch, places));
        }
    }

    /// Returns the first run of spans of one batch, at most `spans_max` of them.
    pub(super) fn first(&self, spans_max: usize) -> Option<(usize, Range<usize>)> {
        let (batch, places) = self.parts.front()?;
        Some((*batch, places.start..places.end.min(places.start + spans_max)))
    }

    /// Moves the first `spans` out, all of one batch.
    pub(super) fn take(&mut self, spans: usize) -> Self {
        let mut taken = Self::default();
        if let Some((batch, places)) = self.parts.front_mut() {
            let middle = places.end.min(places.start + spans);
            taken.add(*batch, places.start..middle);
            places.start = middle;
            if places.start >= places.end {
                self.parts.pop_front();
            }
        }
        taken
    }

    pub(super) fn append(&mut self, other: Self) {
        self.parts.extend(other.parts);
    }

    /// Divides it in two, the first no smaller than the second.
    pub(super) fn halves(mut self) -> [Self; 2] {
        let mut first = Self::default();
        let mut wanted = self.len().div_ceil(2);
        while wanted > 0 && !self.is_empty() {
            let taken = self.take(wanted);
            wanted -= taken.len();
            first.append(taken);
        }
        [first, self]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(parts: &[(usize, Range<usize>)]) -> Share {
        let mut share = Share::default();
        parts.iter().for_each(|(batch, places)| share.add(*batch, places.clone()));
        share
    }

    #[test]
    fn halves_hold_every_span_once_and_in_order() {
        let halves = share(&[(0, 0..3), (1, 4..10)]).halves();
        assert_eq!(halves, [share(&[(0, 0..3), (1, 4..6)]), share(&[(1, 6..10)])]);
        assert_eq!(share(&[(7, 2..3)]).halves(), [share(&[(7, 2..3)]), Share::default()]);
    }

    #[test]
    fn spans_are_taken_from_the_front() {
        let mut share = share(&[(0, 0..2), (1, 0..5)]);
        assert_eq!(share.first(9), Some((0, 0..2)));
        assert_eq!(share.take(1).len(), 1);
        assert_eq!(share.first(9), Some((0, 1..2)));
        assert_eq!(share.take(9).len(), 1);
        assert_eq!((share.first(3), share.len()), (Some((1, 0..3)), 5));
    }
}
