//! Ways round what left before its time: for each place that is gone, the one to go back to instead.
//!
//! Notes that were used give way to new ones first. Past [`DETOURS_MAX`] the oldest is forgotten: then
//! somebody goes back to a place that is gone.

use core::cell::Cell;

/// How many places can be gone on one thread's way back at once.
#[cfg(target_pointer_width = "64")]
pub(crate) const DETOURS_MAX: usize = 8;
/// How many places can be gone on one interrupt priority's way back at once.
#[cfg(not(target_pointer_width = "64"))]
pub(crate) const DETOURS_MAX: usize = 2;

/// Where the way back leads to: spans and identities are two kinds.
pub(crate) trait Place: Copy {
    /// What tells one place from another.
    type Name: Copy + PartialEq;

    /// Returns its name; `None` at the bottom, which nobody leaves.
    fn name(&self) -> Option<Self::Name>;
}

pub(crate) struct Detours<P: Place> {
    notes: [Cell<Option<Note<P>>>; DETOURS_MAX],
    /// Which note is forgotten next.
    oldest: Cell<usize>,
}

#[derive(Clone, Copy)]
struct Note<P: Place> {
    gone: P::Name,
    below: P,
    /// Whether somebody was sent on by it already. Another may still come: an attached context and
    /// the first guard inside it go back to the same span.
    is_used: bool,
}

impl<P: Place> Detours<P> {
    pub(crate) const fn new() -> Self {
        Self { notes: [const { Cell::new(None) }; DETOURS_MAX], oldest: Cell::new(0) }
    }

    /// Returns `place`, or what lies below it if it is gone.
    pub(crate) fn follow(&self, place: P) -> P {
        self.follow_short_of(None, place)
    }

    /// Notes that `gone` left while something newer is current, and lay above `below`.
    pub(crate) fn note(&self, gone: P::Name, below: P) {
        let (below, has_led) = self.lead_past(gone, below);
        let free = if has_led { self.free() } else { self.free().or_else(|| self.oldest()) };
        if let Some(place) = free {
            place.set(Some(Note { gone, below, is_used: has_led }));
        }
    }

    /// As [`Detours::note`], where it may be that nobody comes by any more.
    pub(crate) fn note_in_case(&self, gone: P::Name, below: P) {
        let (below, _) = self.lead_past(gone, below);
        if let Some(place) = self.free() {
            place.set(Some(Note { gone, below, is_used: true }));
        }
    }

    /// Lets notes that lead to `gone` lead to `below`, or to what lies below that if it is gone too.
    ///
    /// Returns where they lead, and whether one of them has still to be used: then a note of `gone`
    /// itself is only for whoever else may hold it.
    pub(crate) fn lead_past(&self, gone: P::Name, below: P) -> (P, bool) {
        let below = self.follow_short_of(Some(gone), below);
        let mut is_needed = false;
        for cell in &self.notes {
            if let Some(note) = cell.get().filter(|note| note.below.name() == Some(gone)) {
                is_needed |= !note.is_used;
                // The same identity may lie above another and below it.
                let is_round = below.name() == Some(note.gone);
                cell.set((!is_round).then_some(Note { below, ..note }));
            }
        }
        (below, is_needed)
    }

    /// Forgets that some places are gone.
    pub(crate) fn forget(&self, is_it: impl Fn(P::Name) -> bool) {
        for cell in &self.notes {
            cell.set(cell.get().filter(|note| !is_it(note.gone)));
        }
    }

    /// Forgets that a place is gone, and returns what lay below it.
    pub(crate) fn forget_one(&self, name: P::Name) -> Option<P> {
        let note = self.find(|note| note.gone == name)?.take()?;
        Some(note.below)
    }

    /// Tells whether somebody has still to be sent on.
    pub(crate) fn is_needed(&self) -> bool {
        self.find(|note| !note.is_used).is_some()
    }

    /// Follows the notes down, and none that leads to `end`.
    fn follow_short_of(&self, end: Option<P::Name>, place: P) -> P {
        let mut place = place;
        for _ in 0..DETOURS_MAX {
            let name = place.name();
            let is_next = |note: Note<P>| {
                Some(note.gone) == name && (end.is_none() || note.below.name() != end)
            };
            let Some(cell) = self.find(is_next) else { break };
            let Some(note) = cell.take() else { break };
            cell.set(Some(Note { is_used: true, ..note }));
            place = note.below;
        }
        place
    }

    fn find(&self, is_it: impl Fn(Note<P>) -> bool) -> Option<&Cell<Option<Note<P>>>> {
        self.notes.iter().find(|cell| cell.get().is_some_and(&is_it))
    }

    /// Returns a place without a note, or with one that was used.
    fn free(&self) -> Option<&Cell<Option<Note<P>>>> {
        let empty = self.notes.iter().find(|note| note.get().is_none());
        empty.or_else(|| self.find(|note| note.is_used))
    }

    fn oldest(&self) -> Option<&Cell<Option<Note<P>>>> {
        let oldest = self.oldest.get();
        self.oldest.set((oldest + 1) % DETOURS_MAX);
        self.notes.get(oldest)
    }
}
