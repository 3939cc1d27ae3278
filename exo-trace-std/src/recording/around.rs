//! What is around a piece of work while it is polled, and inside it between two polls.
//!
//! A poll makes the work's own span and what it carries current, and puts back what was there before.
//! Mostly that is what was there before the last poll: then nothing is kept, or waited for, from one
//! poll to the next.

use super::carried::Carrying;
use super::joined::Beside;
use super::pen::{self, Earlier};
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
    /// Only words go in and out of the thread-local: see [`super::begun`]. What others hold meanwhile
    /// stays on the stack of the poll, because it belongs to the thread.
    #[inline(always)]
    pub(super) fn enter(&mut self, own: Option<Current>) -> Beside {
        pen::with(|pen| pen.hold().exchange(&mut self.carrying));
        let earlier = own.and_then(|own| pen::with(|pen| pen.replace_current(own)));
        let Some(Earlier { before, beside }) = earlier else { return Beside::NONE };
        if before != self.before {
            self.before = before;
        }
        beside
    }

    /// Ends a poll in which `own` was current, and returns what is so at its end.
    #[inline(always)]
    pub(super) fn leave(&mut self, own: Option<Current>, beside: Beside) -> Option<Current> {
        pen::with(|pen| pen.hold().exchange(&mut self.carrying));
        let earlier = Earlier { before: self.before, beside };
        own.and_then(|_| pen::with(|pen| pen.put_back(earlier)))
    }
}
