//! A span that is current only while something is polled: what futures and streams share.

use super::begun::Begun;
use super::carried::{self, Carrying};
use super::facts::Facts;
use super::{panic_note, pen};
use exo_trace_core::{Current, InternedKey, OpenSpan, Outcome, Value};

/// A span with long pauses in it.
#[derive(Debug)]
pub(super) struct Polled {
    open: Option<OpenSpan>,
    home: usize,
    has_begun: bool,
    /// What is carried inside; during a turn, what is carried around it.
    carrying: Carrying,
}

/// One turn: the span is current until this is dropped, in a panic too.
pub(super) struct Turn<'a> {
    polled: &'a mut Polled,
    before: Option<Current>,
    /// Whether the turn is taken inside a destructor that a panic runs.
    was_panicking: bool,
}

impl Polled {
    pub(super) fn new(begun: Begun) -> Self {
        let (open, home, has_begun) = begun.into_parts();
        Self { open, home, has_begun, carrying: carried::current() }
    }

    /// Gives the span back, still open.
    pub(super) fn take_begun(&mut self) -> Begun {
        Begun::running(self.open.take(), self.home)
    }

    /// Makes the span current; its time begins with the first turn.
    #[inline]
    pub(super) fn turn(&mut self) -> Turn<'_> {
        let before = pen::with(|pen| {
            pen.hold().exchange(&mut self.carrying);
            let open = self.open.as_mut()?;
            if !self.has_begun {
                self.has_begun = true;
                open.restart(pen.ticks());
            }
            // Without a ring, what is recorded here is counted.
            pen.is_ready();
            if pen.lane() != self.home {
                open.mark_foreign();
            }
            Some(pen.replace_current(open.as_current()))
        })
        .flatten();
        Turn { polled: self, before, was_panicking: std::thread::panicking() }
    }

    pub(super) fn facts(&self) -> Facts {
        Facts::of(self.open.as_ref())
    }

    pub(super) fn open_mut(&mut self) -> Option<&mut OpenSpan> {
        self.open.as_mut()
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

impl Turn<'_> {
    pub(super) fn facts(&self) -> Facts {
        self.polled.facts()
    }
}

impl Drop for Turn<'_> {
    #[inline]
    fn drop(&mut self) {
        let left = pen::with(|pen| {
            pen.hold().exchange(&mut self.polled.carrying);
            Some(pen.put_back(self.before?))
        })
        .flatten();
        // Its context left the thread; or a guard outlives the turn, and whether the context left is
        // written where only that guard sees it.
        if let (Some(left), Some(open)) = (left, &mut self.polled.open)
            && left != open.as_current()
        {
            open.mark_foreign();
        }
        if std::thread::panicking() && !self.was_panicking {
            self.end_in_panic();
        }
    }
}

impl Turn<'_> {
    /// A poll that panics ends its span at once: the task may be dropped much later.
    #[cold]
    fn end_in_panic(&mut self) {
        if let Some(open) = &self.polled.open {
            panic_note::write(open.span_id(), open.start_ticks());
            self.polled.end(Outcome::Panic);
        }
    }
}
