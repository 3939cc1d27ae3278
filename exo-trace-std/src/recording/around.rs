//! What is around a piece of work while it is polled, and inside it between two polls.
//!
//! A poll makes the work's own span and what it carries current, and puts back what was there before.
//! Mostly that is what was there before the last poll: then nothing is kept, or waited for, from one
//! poll to the next.

use super::carried::Carrying;
use super::pen;
use exo_trace_core::Current;

/// The other side of a poll: what is not current at present.
#[derive(Debug)]
pub(super) struct Around {
    before: Current,
    /// What is carried inside; during a poll, what is carried around it.
    carrying: Carrying,
}

impl Around {
    /// Returns it for work that carries this.
    pub(super) fn of(carrying: Carrying) -> Self {
        Self { before: Current::NONE, carrying }
    }

    /// Begins a poll: makes `own` current, or leaves what is so where there is none.
    ///
    /// Only words go in and out of the thread-local: see [`super::begun`].
    #[inline(always)]
    pub(super) fn enter(&mut self, own: Option<Current>) {
        pen::with(|pen| pen.hold().exchange(&mut self.carrying));
        if let Some(own) = own
            && let Some(before) = pen::with(|pen| pen.replace_current(own))
            && before != self.before
        {
            self.before = before;
        }
    }

    /// Ends a poll in which `own` was current, and returns what is so at its end.
    #[inline(always)]
    pub(super) fn leave(&mut self, own: Option<Current>) -> Option<Current> {
        pen::with(|pen| pen.hold().exchange(&mut self.carrying));
        let before = self.before;
        own.and_then(|_| pen::with(|pen| pen.put_back(before)))
    }
}
