//! Sums that climb a trace: what a finished span hands to its parent, which ends after it.
//!
//! A finished span knows its parent's id and nothing of its other ancestors. So whoever sums takes
//! what was carried to a span when that ends, adds what the span itself has to say, and either keeps
//! the sum there (an agent's own calls) or carries it on to the parent (everything between).
//!
//! A parent may never come: what waits is bounded in spans, and the oldest goes, counted.

use exo_trace_core::SpanId;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// For how many open spans sums wait.
const WAITING_MAX: usize = 16_384;

/// Something that can be summed.
pub(crate) trait Sum: Default {
    /// Adds the other one.
    fn add(&mut self, other: Self);

    /// How many calls are in it.
    fn calls(&self) -> u64;
}

/// What was carried to spans that have not ended yet.
#[derive(Debug, Default)]
pub(crate) struct Rollup<T> {
    waiting: FxHashMap<SpanId, Waiting<T>>,
    by_age: VecDeque<(u64, SpanId)>,
    age: u64,
    evicted: u64,
}

#[derive(Debug)]
struct Waiting<T> {
    sum: T,
    age: u64,
}

impl<T: Sum> Rollup<T> {
    /// Adds to what waits for a span that has not ended yet.
    pub(crate) fn carry(&mut self, to: SpanId, sum: T) {
        let (age, by_age) = (&mut self.age, &mut self.by_age);
        let waiting = self.waiting.entry(to).or_insert_with(|| {
            *age += 1;
            by_age.push_back((*age, to));
            Waiting { sum: T::default(), age: *age }
        });
        waiting.sum.add(sum);
        while self.waiting.len() > WAITING_MAX {
            self.evict();
        }
    }

    /// Tells whether nothing waits.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes what was carried to a span that has ended; `None` when nothing was.
    #[inline]
    pub(crate) fn take(&mut self, span: SpanId) -> Option<T> {
        // Most spans have nothing below them that is summed, and most programs nothing at all.
        if self.is_empty() {
            return None;
        }
        let waiting = self.waiting.remove(&span)?;
        if self.by_age.len() > 2 * self.waiting.len() + 1_024 {
            let waiting = &self.waiting;
            self.by_age.retain(|(age, id)| waiting.get(id).is_some_and(|kept| kept.age == *age));
        }
        Some(waiting.sum)
    }

    /// Returns what waits for a span that has not ended yet, for whoever takes a part of it.
    pub(crate) fn waiting_for(&mut self, span: SpanId) -> Option<&mut T> {
        self.waiting.get_mut(&span).map(|waiting| &mut waiting.sum)
    }

    /// How many calls went because the span above them did not come in time.
    pub(crate) fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Gives up all that still waits: no more spans come.
    pub(crate) fn end(&mut self) {
        while !self.waiting.is_empty() {
            self.evict();
        }
    }

    fn evict(&mut self) {
        // Each that waits has a place in the order of age, and is removed at the latest with it.
        let Some((age, span)) = self.by_age.pop_front() else { return self.waiting.clear() };
        if self.waiting.get(&span).is_some_and(|waiting| waiting.age == age)
            && let Some(waiting) = self.waiting.remove(&span)
        {
            self.evicted += waiting.sum.calls();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Sum for u64 {
        fn add(&mut self, other: Self) {
            *self += other;
        }

        fn calls(&self) -> u64 {
            *self
        }
    }

    fn id(number: u64) -> SpanId {
        SpanId::new(number).unwrap()
    }

    #[test]
    fn a_sum_climbs_until_somebody_keeps_it() {
        let mut rollup = Rollup::<u64>::default();
        rollup.carry(id(2), 3);
        rollup.carry(id(2), 4);
        let below = rollup.take(id(2)).unwrap();
        assert!(rollup.waiting.is_empty());
        rollup.carry(id(1), below + 5);
        assert_eq!(rollup.take(id(1)), Some(12));
        assert_eq!((rollup.take(id(1)), rollup.evicted()), (None, 0));
    }

    #[test]
    fn parents_that_never_come_take_no_more_than_the_table_may_have() {
        let mut rollup = Rollup::<u64>::default();
        let extra = 1_000;
        for span in 1..=WAITING_MAX as u64 + extra {
            rollup.carry(id(span), 3);
        }
        assert_eq!((rollup.waiting.len(), rollup.evicted()), (WAITING_MAX, 3 * extra));
        assert_eq!(rollup.take(id(extra)), None, "the oldest went");
        assert_eq!(rollup.take(id(extra + 1)), Some(3));
        rollup.end();
        assert_eq!(rollup.evicted(), 3 * (extra + WAITING_MAX as u64 - 1), "no more come");
    }

    #[test]
    fn spans_that_come_and_go_leave_nothing_behind() {
        let mut rollup = Rollup::<u64>::default();
        for span in 1..=100_000 {
            rollup.carry(id(span), 1);
            assert_eq!(rollup.take(id(span)), Some(1));
        }
        assert!(rollup.by_age.len() <= 1_025);
        assert_eq!(rollup.evicted(), 0);
    }
}
