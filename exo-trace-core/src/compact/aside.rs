//! What is current on the other side of a future: outside while it is polled, inside while it waits.
//!
//! A span that leaves while a future is polled was begun in it, or outside of it and handed in. Ids tell:
//! what was open outside when the poll began is not younger than what was current there. So whoever left
//! early and may be of both is told to both, and each does what it can with it.

use super::current::{Current, Place, is_older};

/// What a [`Place`] holds, kept elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Aside {
    current: Current,
    gap: u32,
    before_gap: Current,
    forgotten: u32,
}

impl Aside {
    pub(super) const NONE: Self = Self::inside(Current::NONE);

    /// Returns what is inside a future at first: its own span.
    pub(super) const fn inside(own: Current) -> Self {
        Self { current: own, gap: 0, before_gap: Current::NONE, forgotten: 0 }
    }
}

impl Place {
    /// Puts what was kept in the place of what is there, and returns that.
    pub(super) fn swap(&self, aside: Aside) -> Aside {
        let current = self.get();
        self.set(aside.current);
        Aside {
            current,
            gap: self.gap.replace(aside.gap),
            before_gap: self.before_gap.replace(aside.before_gap),
            forgotten: self.forgotten.replace(aside.forgotten),
        }
    }

    /// Ends a poll of the future whose span is `own`: puts back what was outside, tells it who left
    /// meanwhile, and returns what is inside. `entered` is what was inside when the poll began.
    pub(super) fn leave_future(&self, own: Current, entered: Aside, outside: Aside) -> Aside {
        let mut inside = self.swap(outside);
        let is_of_outside = inside.gap == outside.current.span;
        self.left_inside(entered, inside);
        inside.forgotten = 0;
        if inside.current.span == 0 {
            // All was forgotten, but this one is open.
            inside.current = own;
        }
        if is_of_outside || inside.current == own || is_older(inside.gap, own.span) {
            // Nobody in there began inside the one that left early.
            (inside.gap, inside.before_gap) = (0, Current::NONE);
        }
        inside
    }

    /// Lets those leave that left inside and may have been begun here.
    fn left_inside(&self, entered: Aside, inside: Aside) {
        let is_same_gap = inside.gap == entered.gap;
        let is_as_wide = inside.before_gap == entered.before_gap;
        if inside.forgotten != 0 {
            self.forget_inside(inside.forgotten);
            // A gap may have got wider before it was forgotten.
            self.forget_inside(if is_same_gap { 0 } else { entered.before_gap.span });
        }
        match (is_same_gap, is_as_wide) {
            (true, true) => {}
            (true, false) => self.leave_inside(entered.before_gap.span, inside.before_gap),
            // What was before it is known since a poll before this one; it may have left outside meanwhile.
            (false, true) if entered.gap != 0 => self.forget_inside(inside.gap),
            (false, _) => self.leave_inside(inside.gap, inside.before_gap),
        }
    }

    fn leave_inside(&self, span: u32, before: Current) {
        if self.may_have_begun(span) {
            self.leave(span, before);
        } else {
            // Whoever polls this one may have begun it.
            self.forget(span);
        }
    }

    /// Forgets all that is open, where a span that was forgotten inside may be of it.
    fn forget_inside(&self, span: u32) {
        if self.may_have_begun(span) {
            self.forget_all();
        }
        self.forget(span);
    }

    fn may_have_begun(&self, span: u32) -> bool {
        let current = self.get();
        // Where all but that a trace is not sampled was forgotten, anybody may be of it.
        let is_of_it = current == Current::UNSAMPLED;
        span != 0 && (is_of_it || current.span != 0 && !is_older(current.span, span))
    }
}
