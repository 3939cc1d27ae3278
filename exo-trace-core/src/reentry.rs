//! Spans that are entered and left several times, in any trace and any order: those of other libraries.
//!
//! A guard's span is entered once, below the span it began in, so that [`Recorder::leave`] needs only
//! half of what was current. Here all of it is kept, and a span that left out of order may come back.

use crate::current::Current;
use crate::{Clock, Recorder, Slot};

/// One stay inside of a span, from its entering to its leaving.
#[derive(Clone, Copy, Debug)]
pub struct Stay {
    own: Current,
    before: Current,
    /// Where those are sent on to who go back to the span when it is gone: it was, and some may still
    /// come.
    was_gone: Option<Current>,
}

impl<S: AsRef<[Slot]>, C: Clock, W: Fn()> Recorder<'_, S, C, W> {
    /// Makes a span current that may have been so before.
    #[inline(always)]
    pub fn enter_again(&self, own: Current) -> Stay {
        let was_gone = if self.gaps.has_any() { self.gaps.enter(own.span_id) } else { None };
        Stay { own, before: self.replace_current(own), was_gone }
    }

    /// Leaves a span for what was current when it was entered.
    ///
    /// Returns the span as it is left, or `None` when another one is current: somebody left out of
    /// order. Then that one stays, and when it leaves, what was current before this one follows.
    #[inline(always)]
    pub fn leave_again(&self, stay: Stay) -> Option<Current> {
        let left = self.current();
        let is_current = left.span_id == stay.own.span_id;
        if is_current && !self.gaps.has_any() && stay.was_gone.is_none() {
            self.replace_current(stay.before);
        } else {
            self.leave_beside_others(stay, is_current);
        }
        is_current.then_some(left)
    }

    #[cold]
    #[inline(never)]
    fn leave_beside_others(&self, Stay { own, before, was_gone }: Stay, is_current: bool) {
        let is_inside_still = before.span_id == own.span_id;
        if is_inside_still && is_current {
            self.put_back(before);
        } else if !is_inside_still {
            let below = if is_current { before } else { was_gone.unwrap_or(before) };
            self.leave_out_of_order(own.span_id, below);
        }
        if is_current && let Some(below) = was_gone {
            self.gaps.note(own.span_id, below);
        }
    }
}
