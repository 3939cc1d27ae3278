//! The spans that left before a newer one did, and what lies below each of them.
//!
//! A guard that leaves while a newer one is current cannot be taken out of the middle: the newer one
//! holds it as the span to go back to. It is noted here, and whoever goes back to it is sent on to
//! what lies below. Notes that were used give way to new ones first. Past [`GAPS_MAX`] the oldest
//! note is forgotten: then a span may get a parent that has ended, and no record is lost.

use crate::current::Current;
use core::cell::Cell;

/// How many gaps between open spans one thread can have at once.
#[cfg(target_pointer_width = "64")]
pub(crate) const GAPS_MAX: usize = 8;
/// How many gaps between open spans one interrupt priority can have at once.
#[cfg(not(target_pointer_width = "64"))]
pub(crate) const GAPS_MAX: usize = 2;

pub(crate) struct Gaps {
    notes: [Cell<Note>; GAPS_MAX],
    /// Which note is forgotten next.
    oldest: Cell<usize>,
    has_any: Cell<bool>,
}

/// A span that is gone, by its id, and what lies below it; an id of zero is a free note.
#[derive(Clone, Copy)]
struct Note {
    gone: u64,
    below: Current,
    /// Whether somebody was sent on by it already. Another may still come: an attached context and
    /// the first guard inside it go back to the same span.
    is_used: bool,
}

impl Note {
    const FREE: Self = Self { gone: 0, below: Current::NONE, is_used: true };
}

impl Gaps {
    pub(crate) const fn new() -> Self {
        Self {
            notes: [const { Cell::new(Note::FREE) }; GAPS_MAX],
            oldest: Cell::new(0),
            has_any: Cell::new(false),
        }
    }

    /// Tells whether any span left out of order, so that going back needs a look.
    #[inline(always)]
    pub(crate) fn has_any(&self) -> bool {
        self.has_any.get()
    }

    /// Returns `before`, or what lies below it if it is gone.
    #[inline(always)]
    pub(crate) fn step_over(&self, before: Current) -> Current {
        if self.has_any() { self.step(before) } else { before }
    }

    /// Notes that the span with the id `gone` left while a newer one is current.
    ///
    /// Where notes lead to it already, they lead past it from here on, and its own is only for
    /// whoever else may hold it.
    pub(crate) fn note(&self, gone: u64, before: Current) {
        let below = self.step_over(before);
        let mut is_used = false;
        for note in &self.notes {
            let above = note.get();
            if above.gone != 0 && above.below.span_id == gone {
                note.set(Note { below, ..above });
                is_used |= !above.is_used;
            }
        }
        let place = self
            .find(|note| note.gone == 0)
            .or_else(|| self.find(|note| note.is_used))
            .or_else(|| if is_used { None } else { self.forget() });
        if let Some(place) = place {
            place.set(Note { gone, below, is_used });
            self.has_any.set(true);
        }
    }

    /// Follows the notes down.
    #[cold]
    #[inline(never)]
    fn step(&self, before: Current) -> Current {
        let mut current = before;
        for _ in 0..GAPS_MAX {
            match self.find(|note| note.gone != 0 && note.gone == current.span_id) {
                Some(note) => current = note.replace(Note { is_used: true, ..note.get() }).below,
                None => break,
            }
        }
        if current.span_id == 0 && self.find(|note| !note.is_used).is_none() {
            self.notes.iter().for_each(|note| note.set(Note::FREE));
            self.has_any.set(false);
        }
        current
    }

    fn find(&self, is_it: impl Fn(Note) -> bool) -> Option<&Cell<Note>> {
        self.notes.iter().find(|note| is_it(note.get()))
    }

    fn forget(&self) -> Option<&Cell<Note>> {
        let oldest = self.oldest.get();
        self.oldest.set((oldest + 1) % GAPS_MAX);
        self.notes.get(oldest)
    }
}
