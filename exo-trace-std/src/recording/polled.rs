//! A span that is current only while something is polled: what futures and streams share.

use super::around::Around;
use super::begun::Begun;
use super::carried;
use super::facts::Facts;
use super::joined::Beside;
use super::{panic_note, pen};
use exo_trace_core::{InternedKey, OpenSpan, Outcome, Value};
use std::mem::ManuallyDrop;

/// A span with long pauses in it.
#[derive(Debug)]
pub(super) struct Polled {
    open: Option<OpenSpan>,
    home: usize,
    has_begun: bool,
    /// The lane of the last turn.
    seen_on: usize,
    around: Around,
}

impl Polled {
    pub(super) fn new(begun: Begun) -> Self {
        let (open, home, has_begun) = begun.into_parts();
        Self { open, home, has_begun, seen_on: usize::MAX, around: Around::of(carried::current()) }
    }

    /// Gives the span back, still open.
    pub(super) fn take_begun(&mut self) -> Begun {
        Begun::running(self.open.take(), self.home)
    }

    /// Runs `work` with the span current, in a panic no longer than that; its time begins with the first
    /// turn.
    #[inline]
    pub(super) fn during<R>(&mut self, work: impl FnOnce(Facts) -> R) -> R {
        let beside = self.enter();
        let turn = Turn { polled: self, beside };
        let result = work(turn.polled.facts());
        ManuallyDrop::new(turn).leave();
        result
    }

    #[inline(always)]
    fn enter(&mut self) -> Beside {
        let lane = pen::with(pen::Pen::lane).unwrap_or_default();
        if lane != self.seen_on {
            self.arrive();
        }
        self.around.enter(self.open.as_ref().map(OpenSpan::as_current))
    }

    /// A first turn, or one on another thread than the last.
    #[cold]
    #[inline(never)]
    fn arrive(&mut self) {
        let Some(open) = &mut self.open else { return };
        pen::with(|pen| {
            if !self.has_begun {
                self.has_begun = true;
                open.restart(pen.recorder().ticks_of(open));
            }
            // Without a ring, what is recorded here is counted.
            pen.is_ready();
            self.seen_on = pen.lane();
            if self.seen_on != self.home {
                open.mark_foreign();
            }
        });
    }

    #[inline(always)]
    fn leave(&mut self, beside: Beside) {
        let own = self.open.as_ref().map(OpenSpan::as_current);
        let left = self.around.leave(own, beside);
        // Its context left the thread; or a guard outlives the turn, and whether the context left is
        // written where only that guard sees it.
        if let (Some(left), Some(own), Some(open)) = (left, own, &mut self.open)
            && !left.is_still(own)
        {
            open.mark_foreign();
        }
    }

    pub(super) fn facts(&self) -> Facts {
        Facts::of(self.open.as_ref())
    }

    pub(super) fn open_mut(&mut self) -> Option<&mut OpenSpan> {
        self.open.as_mut()
    }

    /// Notes that another thread than its own says something of it.
    #[cfg(feature = "tower")]
    pub(super) fn note_thread(&mut self) {
        if let Some(open) = &mut self.open
            && pen::with(|pen| pen.lane()) != Some(self.home)
        {
            open.mark_foreign();
        }
    }

    /// Keeps a number until the end.
    pub(super) fn keep(&mut self, key: &'static InternedKey, value: impl Into<Value<'static>>) {
        let value = value.into();
        if let Some(open) = &mut self.open
            && !matches!(value, Value::Empty)
        {
            super::facts::put(open, key, exo_trace_core::Field::Value(value));
        }
    }

    /// Ends the span, once.
    #[inline]
    pub(super) fn end(&mut self, outcome: Outcome) {
        let Some(mut open) = self.open.take() else { return };
        if open.is_recording() {
            pen::with(|pen| {
                if pen.lane() != self.home {
                    open.mark_foreign();
                }
                pen.end(&open, outcome);
            });
        }
    }
}

/// One turn, for the case that it panics: then its span ends at once, as the task may be dropped much
/// later.
struct Turn<'a> {
    polled: &'a mut Polled,
    beside: Beside,
}

impl Turn<'_> {
    #[inline(always)]
    fn leave(&mut self) {
        let beside = std::mem::take(&mut self.beside);
        self.polled.leave(beside);
    }
}

impl Drop for Turn<'_> {
    #[cold]
    fn drop(&mut self) {
        self.leave();
        if let Some(open) = &self.polled.open {
            panic_note::write(open.span_id(), open.start_ticks());
            self.polled.end(Outcome::Panic);
        }
    }
}
