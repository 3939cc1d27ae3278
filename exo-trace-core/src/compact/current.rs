//! The span that is current in one place, and what becomes of it when spans leave out of order.

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

/// Tells whether one span began before another one; right as long as fewer than 2²⁷ began between them.
pub(super) const fn is_older(one: u32, other: u32) -> bool {
    // Both have the number of one recorder, above the count.
    ((one.wrapping_sub(other) << 4) as i32).is_negative()
}

/// What is current where something runs, and the one span that left before those inside it.
///
/// Each future has one of its own, and so has all that runs outside of them: see
/// [`Aside`](super::aside::Aside).
#[derive(Debug)]
pub(super) struct Place {
    span: Cell<u32>,
    root: Cell<u32>,
    /// The id of the span that left early, zero for none.
    pub(super) gap: Cell<u32>,
    /// What was current before it.
    pub(super) before_gap: Cell<Current>,
    /// The oldest of the spans that left since this poll began and of which nothing else is known.
    pub(super) forgotten: Cell<u32>,
}

impl Place {
    pub(super) const fn new() -> Self {
        let (span, root, gap, forgotten) = (Cell::new(0), Cell::new(0), Cell::new(0), Cell::new(0));
        Self { span, root, gap, before_gap: Cell::new(Current::NONE), forgotten }
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

    /// Makes current what was so before `span` began, whoever left before.
    ///
    /// One that leaves early is remembered, until what began inside it leaves. Where it were two, all is
    /// forgotten that is open: what begins then is a root, because a lost parent is better than a wrong
    /// one. Those forgotten leave later as if they left early; the first that is then seen to have nothing
    /// inside it any more is forgotten in turn. Inside a trace that is not sampled nothing is recorded
    /// then either, as long as the span that began it is surely open: it is what ends that.
    #[inline(never)]
    pub(super) fn leave(&self, span: u32, before: Current) {
        let before = self.after_gap(before);
        let gap = self.gap.get();
        if self.span.get() == span {
            // The trace that is not sampled may be over since what was before was forgotten.
            let is_over =
                before == Current::UNSAMPLED && gap != 0 && self.before_gap.get().is_sampled();
            self.set(if is_over { Current::NONE } else { before });
            if before.span != 0 && !is_older(before.span, gap) {
                return;
            }
            // Nothing is open any more that began inside the span that left early.
        } else if gap == 0 && self.span.get() != 0 {
            self.gap.set(span);
            self.before_gap.set(before);
            return;
        } else if gap != 0 && self.before_gap.get().span == span {
            // The span before the one that left early is gone as well.
            self.before_gap.set(before);
            return;
        } else {
            self.forget(span);
            let is_within = |current: Current| !current.is_sampled();
            let is_still_unsampled = is_within(self.get())
                && is_within(before)
                && (gap == 0 || is_within(self.before_gap.get()));
            self.set(if is_still_unsampled { Current::UNSAMPLED } else { Current::NONE });
        }
        self.gap.set(0);
        self.forget(gap);
    }

    /// Returns `before`, or what was before it if it is the span that left early, which is forgotten then.
    fn after_gap(&self, before: Current) -> Current {
        let is_after_gap = before.span != 0 && self.gap.get() == before.span;
        if is_after_gap {
            self.gap.set(0);
        }
        if is_after_gap { self.before_gap.get() } else { before }
    }

    /// Forgets all that is open.
    pub(super) fn forget_all(&self) {
        self.set(Current::NONE);
        self.forget(self.gap.replace(0));
    }

    /// Takes note that a span left, if it is one, for whoever may have begun it.
    #[inline(never)]
    pub(super) fn forget(&self, span: u32) {
        let oldest = self.forgotten.get();
        if span != 0 && (oldest == 0 || is_older(span, oldest)) {
            self.forgotten.set(span);
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
    fn one_that_was_forgotten_and_leaves_later_is_not_remembered_for_ever() {
        let place = Place::new();
        (1..=5).for_each(|span| place.set(inside(span)));
        place.leave(1, Current::NONE);
        place.leave(3, inside(2));
        assert_eq!(place.get(), Current::NONE, "two left early");
        let (outer, inner) = (Current { span: 6, root: 6 }, Current { span: 7, root: 6 });
        place.set(outer);
        place.leave(4, inside(3));
        place.set(inner);
        place.leave(7, outer);
        assert_eq!((place.get(), place.oddity(outer)), (outer, 4), "4 may be outside of 6");
        place.leave(6, Current::NONE);
        place.set(outer);
        assert_eq!(place.oddity(outer), 0, "nothing was open, so there is nothing to remember");
        place.leave(8, outer);
        place.set(Current { span: 9, root: 6 });
        place.leave(9, outer);
        assert_eq!((place.get(), place.oddity(outer)), (outer, 0), "8 was not outside of 6");
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
