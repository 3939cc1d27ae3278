//! Sums that climb a trace: what a finished span hands to its parent, which ends after it.
//!
//! A finished span knows its parent's id and nothing of its other ancestors. So whoever sums takes
//! what was carried to a span when that ends, adds what the span itself has to say, and either keeps
//! the sum there (an agent's own calls) or carries it on to the parent (everything between).
//!
//! Two things can go wrong, and both are counted. A parent may never come: what waits is bounded in
//! spans, and the oldest goes. A child may come after a parent that closed its sum.

use exo_trace_core::SpanId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// For how many open spans sums wait.
const WAITING_MAX: usize = 16_384;
/// How many closed spans are remembered, to tell who comes late.
const CLOSED_MAX: usize = 4_096;

/// Something that can be summed.
pub(crate) trait Tally: Default {
    /// Adds the other one.
    fn add(&mut self, other: Self);
}

/// What was carried to spans that have not ended yet.
#[derive(Debug, Default)]
pub(crate) struct Rollup<T> {
    waiting: FxHashMap<SpanId, Waiting<T>>,
    by_age: VecDeque<(u64, SpanId)>,
    age: u64,
    closed: FxHashSet<SpanId>,
    closed_by_age: VecDeque<SpanId>,
    evicted: u64,
    late: u64,
}

#[derive(Debug)]
struct Waiting<T> {
    sum: T,
    age: u64,
}

impl<T: Tally> Rollup<T> {
    /// Tells whether nothing waits for anybody, so that a span that has nothing to say itself need
    /// not ask.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Adds to what waits for a span that has not ended yet.
    pub(crate) fn carry(&mut self, to: SpanId, sum: T) {
        if self.closed.contains(&to) {
            self.late += 1;
            return;
        }
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

    /// Takes what was carried to a span that has ended; `None` when nothing was.
    pub(crate) fn take(&mut self, span: SpanId) -> Option<T> {
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

    /// As [`Rollup::take`], for a span that keeps its sum: who comes after it is late.
    pub(crate) fn close(&mut self, span: SpanId) -> T {
        if self.closed.insert(span) {
            self.closed_by_age.push_back(span);
        }
        if self.closed.len() > CLOSED_MAX
            && let Some(oldest) = self.closed_by_age.pop_front()
        {
            self.closed.remove(&oldest);
        }
        self.take(span).unwrap_or_default()
    }

    /// How many sums went because their span did not come in time.
    pub(crate) fn evicted(&self) -> u64 {
        self.evicted
    }

    /// How many sums came after their span was closed.
    pub(crate) fn late(&self) -> u64 {
        self.late
    }

    fn evict(&mut self) {
        // Each that waits has a place in the order of age, and is removed at the latest with it.
        let Some((age, span)) = self.by_age.pop_front() else { return self.waiting.clear() };
        if self.waiting.get(&span).is_some_and(|waiting| waiting.age == age) {
            self.waiting.remove(&span);
            self.evicted += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Tally for u64 {
        fn add(&mut self, other: Self) {
            *self += other;
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
        assert!(rollup.is_empty());
        rollup.carry(id(1), below + 5);
        assert_eq!(rollup.close(id(1)), 12);
        assert_eq!((rollup.take(id(1)), rollup.close(id(9))), (None, 0));
        assert_eq!((rollup.evicted(), rollup.late()), (0, 0));
    }

    #[test]
    fn who_comes_after_a_closed_sum_is_late_and_waits_for_nobody() {
        let mut rollup = Rollup::<u64>::default();
        assert_eq!(rollup.close(id(1)), 0);
        rollup.carry(id(1), 3);
        assert!(rollup.is_empty());
        assert_eq!(rollup.late(), 1);
    }

    #[test]
    fn parents_that_never_come_take_no_more_than_the_table_may_have() {
        let mut rollup = Rollup::<u64>::default();
        let extra = 1_000;
        for span in 1..=WAITING_MAX as u64 + extra {
            rollup.carry(id(span), 1);
        }
        assert_eq!((rollup.waiting.len(), rollup.evicted()), (WAITING_MAX, extra));
        assert_eq!(rollup.take(id(extra)), None, "the oldest went");
        assert_eq!(rollup.take(id(extra + 1)), Some(1));
    }

    #[test]
    fn spans_that_come_and_go_leave_nothing_behind() {
        let mut rollup = Rollup::<u64>::default();
        for span in 1..=100_000 {
            rollup.carry(id(span), 1);
            assert_eq!(rollup.close(id(span)), 1);
        }
        assert!(rollup.by_age.len() <= 1_025 && rollup.closed.len() <= CLOSED_MAX);
        assert_eq!((rollup.evicted(), rollup.late()), (0, 0));
    }
}
