//! What goes along with the current span: baggage, and what other systems said of the trace.
//!
//! One pointer a thread, in its pen and like it without a destructor. A future that is a piece of work
//! of its own keeps its pointer and exchanges it with the thread's at each poll, so that what is set
//! inside stays inside; nothing is counted up or down by that. Where nothing is carried the pointer is
//! none, and nothing is allocated.

use super::stamps::{self, Stamps};
use super::{joined, pen};
use crate::propagation::{Baggage, TraceState};
use exo_trace_core::TraceId;
use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::sync::Arc;

/// What is carried, shared by all that began in the same context.
#[derive(Clone, Debug, Default)]
pub(super) struct Carried {
    baggage: Baggage,
    pub(super) stamps: Stamps,
    /// Of this trace alone: one that begins below has none yet.
    pub(super) trace_state: Option<(TraceId, TraceState)>,
}

/// A context's part of it.
pub(super) type Carrying = Option<Arc<Carried>>;

impl Carried {
    pub(super) fn baggage(&self) -> &Baggage {
        &self.baggage
    }

    pub(super) fn set_baggage(&mut self, baggage: Baggage) {
        self.stamps = stamps::stamps_of(&baggage);
        self.baggage = baggage;
    }

    fn is_empty(&self) -> bool {
        self.baggage.is_empty() && self.trace_state.is_none()
    }
}

/// What one thread carries now, and what it carried before each context that is attached.
///
/// Its memory is given back when the thread ends, by [`Hold::clear`].
pub(super) struct Hold {
    now: ManuallyDrop<Cell<Carrying>>,
    before: ManuallyDrop<RefCell<Vec<Before>>>,
    attached: Cell<u64>,
}

/// What was carried before a context was attached.
struct Before {
    number: u64,
    carrying: Carrying,
}

/// The number of an attached context, for its end.
#[derive(Debug)]
pub(super) struct Attachment(u64);

impl Hold {
    pub(super) const fn new() -> Self {
        Self {
            now: ManuallyDrop::new(Cell::new(None)),
            before: ManuallyDrop::new(RefCell::new(Vec::new())),
            attached: Cell::new(0),
        }
    }

    /// Exchanges what the thread carries.
    ///
    /// Mostly nothing for nothing: then what is stored was not loaded, and the next exchange need not
    /// wait for this one.
    #[inline(always)]
    pub(super) fn exchange(&self, carrying: &mut Carrying) {
        let (now, other) = (self.now.take(), carrying.take());
        if now.is_some() || other.is_some() {
            self.now.set(other);
            *carrying = now;
        }
    }

    /// Returns what the thread carries.
    #[inline(always)]
    pub(super) fn current(&self) -> Carrying {
        let now = self.now.take();
        let current = now.clone();
        self.now.set(now);
        current
    }

    /// Carries something else until [`Hold::detach`].
    pub(super) fn attach(&self, mut carrying: Carrying) -> Attachment {
        let number = self.attached.get() + 1;
        self.attached.set(number);
        self.exchange(&mut carrying);
        self.before.borrow_mut().push(Before { number, carrying });
        Attachment(number)
    }

    /// Carries what it did before.
    ///
    /// Out of order the newer context stays, and what was before this one follows when it ends.
    pub(super) fn detach(&self, Attachment(number): Attachment) {
        let mut before = self.before.borrow_mut();
        let Some(place) = before.iter().rposition(|before| before.number == number) else { return };
        let mut carrying = before.remove(place).carrying;
        match before.get_mut(place) {
            Some(newer) => std::mem::swap(&mut newer.carrying, &mut carrying),
            None => self.exchange(&mut carrying),
        }
        // What falls away is dropped without a borrow.
        drop(before);
    }

    /// Carries nothing any more: the thread ends.
    pub(super) fn clear(&self) {
        drop(self.now.take());
        drop(self.before.take());
    }
}

/// Returns what the calling thread carries.
pub(super) fn current() -> Carrying {
    joined::carrying(own())
}

/// Returns what the calling thread carries by our own notes.
pub(super) fn own() -> Carrying {
    pen::with(|pen| pen.hold().current()).flatten()
}

/// Changes what the calling thread carries, up to the end of the future or context it works in.
pub(super) fn change(change: impl FnOnce(&mut Carried)) {
    pen::with(|pen| {
        let mut carrying = None;
        pen.hold().exchange(&mut carrying);
        change(Arc::make_mut(carrying.get_or_insert_default()));
        carrying = carrying.filter(|carried| !carried.is_empty());
        pen.clears_at_its_end();
        pen.hold().exchange(&mut carrying);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(value: &str) -> Carrying {
        let (mut baggage, mut carried) = (Baggage::new(), Carried::default());
        baggage.insert("key", value).unwrap();
        carried.set_baggage(baggage);
        Some(Arc::new(carried))
    }

    fn carried(hold: &Hold) -> Option<String> {
        Some(hold.current()?.baggage().get("key")?.to_owned())
    }

    #[test]
    fn contexts_that_end_in_turn_bring_back_what_was_before() {
        let hold = Hold::new();
        let outer = hold.attach(one("outer"));
        let within = hold.attach(one("within"));
        hold.detach(within);
        assert_eq!(carried(&hold).as_deref(), Some("outer"));
        hold.detach(outer);
        assert_eq!(carried(&hold), None);
    }

    #[test]
    fn contexts_that_end_out_of_order_leave_nothing_behind() {
        let hold = Hold::new();
        let first = hold.attach(one("first"));
        let second = hold.attach(one("second"));
        hold.detach(first);
        assert_eq!(carried(&hold).as_deref(), Some("second"));
        hold.detach(second);
        assert_eq!(carried(&hold), None);
        assert!(hold.before.borrow().is_empty());
    }

    #[test]
    fn a_thread_that_has_ended_puts_nothing_back() {
        let hold = Hold::new();
        let late = hold.attach(one("late"));
        hold.clear();
        hold.detach(late);
        assert_eq!(carried(&hold), None);
    }
}
