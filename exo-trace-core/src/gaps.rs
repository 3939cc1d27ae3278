//! The spans that left before a newer one did, and what lies below each of them.
//!
//! A guard that leaves while a newer one is current cannot be taken out of the middle: the newer one
//! holds it as the span to go back to. It is noted here, and whoever goes back to it is sent on to
//! what lies below. Neighbours share one note, so there are never more notes than open spans above
//! them. Past [`GAPS_MAX`] the oldest note is forgotten: then a span may get a parent that has ended,
//! and no record is lost.

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
}

impl Note {
    const FREE: Self = Self { gone: 0, below: Current::NONE };
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
    pub(crate) fn note(&self, gone: u64, before: Current) {
        let below = self.step_over(before);
        let place = match self.find(|note| note.gone != 0 && note.below.span_id == gone) {
            Some(above) => {
                above.set(Note { below, ..above.get() });
                return;
            }
            None => self.find(|note| note.gone == 0).or_else(|| self.forget()),
        };
        if let Some(place) = place {
            place.set(Note { gone, below });
            self.has_any.set(true);
        }
    }

    #[cold]
    #[inline(never)]
    fn step(&self, before: Current) -> Current {
        match self.find(|note| note.gone == before.span_id) {
            Some(place) if before.span_id != 0 => {
                let below = place.replace(Note::FREE).below;
                self.has_any.set(self.find(|note| note.gone != 0).is_some());
                below
            }
            _ => before,
        }
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
