//! The span that is current in one priority, and what becomes of it when spans leave out of order.

use super::LocalId;
use core::cell::Cell;

/// A span as whoever works inside it sees it: its id, and the root of its trace; two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Current {
    pub(super) span: u32,
    pub(super) root: u32,
}

impl Current {
    /// No span: what begins is the root of a trace.
    pub(super) const NONE: Self = Self { span: 0, root: 0 };
    /// A trace that is not sampled: nothing of it is recorded.
    pub(super) const UNSAMPLED: Self = Self { span: 0, root: UNSAMPLED };

    /// Returns what is current inside a new span, whose id this would be.
    #[inline(always)]
    pub(super) const fn child(self, id: u32) -> Self {
        Self { span: id, root: if self.root == 0 { id } else { self.root } }
    }

    /// Returns the id of the span, where it is recorded.
    pub(super) fn id(self) -> Option<LocalId> {
        LocalId::new(self.span).filter(|_| self.is_sampled())
    }

    /// Tells whether what is said inside is recorded.
    #[inline(always)]
    pub(super) const fn is_sampled(self) -> bool {
        self.root != UNSAMPLED
    }
}

/// The root of a trace that is not sampled; no id, because the count in it is zero.
const UNSAMPLED: u32 = 1 << 28;

/// What is current, and the one span that left before those inside it.
#[derive(Debug)]
pub(super) struct Place {
    span: Cell<u32>,
    root: Cell<u32>,
    /// The id of the span that left early, zero for none.
    gap: Cell<u32>,
    /// What was current before it.
    before_gap: Cell<Current>,
}

impl Place {
    pub(super) const fn new() -> Self {
        let (span, root, gap) = (Cell::new(0), Cell::new(0), Cell::new(0));
        Self { span, root, gap, before_gap: Cell::new(Current::NONE) }
    }

    #[inline(always)]
    pub(super) fn get(&self) -> Current {
        Current { span: self.span.get(), root: self.root.get() }
    }

    #[inline(always)]
    pub(super) fn set(&self, current: Current) {
        self.span.set(current.span);
        self.root.set(current.root);
    }

    /// Returns zero where `own` is current and all inside it have left in order.
    #[inline(always)]
    pub(super) fn oddity(&self, own: Current) -> u32 {
        (self.span.get() ^ own.span) | self.gap.get()
    }

    /// Returns `before`, or what was before it if it is the span that left early, which is forgotten then.
    pub(super) fn after_gap(&self, before: Current) -> Current {
        let is_after_gap = before.span != 0 && self.gap.get() == before.span;
        if is_after_gap {
            self.gap.set(0);
        }
        if is_after_gap { self.before_gap.get() } else { before }
    }

    /// Makes current what was so before `span` began, whoever left before.
    ///
    /// One that leaves early is remembered, until what began inside it leaves. Where it were two, all is
    /// forgotten that is open: what begins then is a root, because a lost parent is better than a wrong
    /// one.
    pub(super) fn leave(&self, span: u32, before: Current) {
        let current = self.get();
        let before = self.after_gap(before);
        if current.span == span {
            self.set(before);
        } else if self.gap.get() != 0 && self.before_gap.get().span == span {
            // The span before the one that left early is gone as well.
            self.before_gap.set(before);
        } else if current != Current::NONE {
            if self.gap.replace(span) == 0 {
                self.before_gap.set(before);
            } else {
                self.gap.set(0);
                self.set(Current::NONE);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(span: u32) -> Current {
        Current { span, root: 1 }
    }

    /// Enters spans 1 to `count`, each inside the last, leaves them in `order`, and returns the spans
    /// that were current after each.
    fn left(count: u32, order: &[u32]) -> std::vec::Vec<u32> {
        let place = Place::new();
        (1..=count).for_each(|span| place.set(inside(span)));
        let before = |span| if span == 1 { Current::NONE } else { inside(span - 1) };
        let leave = |span: &u32| {
            place.leave(*span, before(*span));
            place.get().span
        };
        let seen = order.iter().map(leave).collect();
        assert_eq!((place.get(), place.gap.get()), (Current::NONE, 0), "{order:?}");
        seen
    }

    #[test]
    fn the_newest_open_span_is_current_whoever_leaves_first() {
        assert_eq!(left(3, &[3, 2, 1]), [2, 1, 0]);
        assert_eq!(left(3, &[1, 2, 3]), [3, 3, 0]);
        assert_eq!(left(3, &[2, 3, 1]), [3, 1, 0]);
        assert_eq!(left(3, &[1, 3, 2]), [3, 2, 0]);
        assert_eq!(left(3, &[2, 1, 3]), [3, 3, 0]);
        assert_eq!(left(4, &[2, 3, 4, 1]), [4, 4, 1, 0]);
    }

    #[test]
    fn parents_are_lost_rather_than_wrong_where_two_left_early() {
        assert_eq!(left(4, &[1, 3, 4, 2]), [4, 0, 0, 0]);
        assert_eq!(left(5, &[3, 1, 5, 4, 2]), [5, 0, 0, 0, 0]);
    }
}
