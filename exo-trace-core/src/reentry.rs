//! Spans that are entered and left several times, in any trace and any order: those of other libraries.
//!
//! A guard's span is entered once, below the span it began in, so that [`Recorder::leave`] needs only
//! half of what was current. Here all of it is kept, and a span that left out of order may come back.

use crate::current::Current;
use crate::{Clock, Recorder, Slot};

/// What is to be put back at the end of one stay inside of a span.
#[derive(Debug)]
pub struct Stay {
    own: u64,
    before: Current,
}

impl<S: AsRef<[Slot]>, C: Clock, W: Fn()> Recorder<'_, S, C, W> {
    /// Makes a span current that may have been so before.
    ///
    /// Returns as well what is to be given to [`Recorder::leave_again`]: where those are sent on to who go
    /// back to the span when it is gone, if it was and some may still come.
    #[inline(always)]
    pub fn enter_again(&self, own: Current) -> (Stay, Option<Current>) {
        let was_gone = if self.gaps.has_any() { self.gaps.enter(own.span_id) } else { None };
        (Stay { own: own.span_id, before: self.replace_current(own) }, was_gone)
    }

    /// Leaves a span for what was current when it was entered.
    ///
    /// Returns the span as it is left, or `None` when another one is current: somebody left out of
    /// order. Then that one stays, and when it leaves, what was current before this one follows.
    #[inline(always)]
    pub fn leave_again(&self, stay: &Stay, was_gone: Option<Current>) -> Option<Current> {
        let left = self.current();
        let is_current = left.span_id == stay.own;
        if is_current && !self.gaps.has_any() && was_gone.is_none() {
            self.replace_current(stay.before);
        } else {
            self.leave_beside_others(stay, was_gone, is_current);
        }
        is_current.then_some(left)
    }

    #[cold]
    #[inline(never)]
    fn leave_beside_others(&self, stay: &Stay, was_gone: Option<Current>, is_current: bool) {
        let Stay { own, before } = *stay;
        let is_inside_still = before.span_id == own;
        if is_inside_still && is_current {
            self.put_back(before);
        } else if !is_inside_still {
            let below = if is_current { before } else { was_gone.unwrap_or(before) };
            self.leave_out_of_order(own, below);
        }
        if is_current && let Some(below) = was_gone {
            self.gaps.note(own, below);
        }
    }
}
