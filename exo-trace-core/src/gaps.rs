//! The spans and identities that left before something newer did, and what lies below each of them.
//!
//! A guard that leaves while a newer one is current cannot be taken out of the middle: the newer one
//! holds it as what to go back to. It is noted here, and whoever goes back to it is sent on to what
//! lies below. Where too many are noted, a span may get a parent that has ended, or work for whom its
//! caller did; no record is lost.

use crate::IdentityId;
use crate::current::Current;
use crate::detours::{Detours, Place};
use core::cell::Cell;

pub(crate) struct Gaps {
    spans: Detours<Current>,
    identities: Detours<Stage>,
    has_any: Cell<bool>,
}

impl Place for Current {
    type Name = u64;

    fn name(&self) -> Option<u64> {
        (self.span_id != 0).then_some(self.span_id)
    }
}

/// For whom a span works below: what an identity changes. One may be entered in several spans.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stage {
    pub(crate) span_id: u64,
    pub(crate) identity: Option<IdentityId>,
}

impl Place for Stage {
    type Name = (u64, IdentityId);

    fn name(&self) -> Option<(u64, IdentityId)> {
        Some((self.span_id, self.identity?))
    }
}

impl Gaps {
    pub(crate) const fn new() -> Self {
        Self { spans: Detours::new(), identities: Detours::new(), has_any: Cell::new(false) }
    }

    /// Tells whether anything left out of order, so that going back needs a look.
    #[inline(always)]
    pub(crate) fn has_any(&self) -> bool {
        self.has_any.get()
    }

    /// Notes that a span left while a newer one is current.
    pub(crate) fn note(&self, gone: u64, before: Current) {
        self.spans.note(gone, before);
        self.has_any.set(true);
    }

    /// The span is current again: returns what lay below it, if it was gone.
    #[cold]
    pub(crate) fn enter(&self, span_id: u64) -> Option<Current> {
        self.spans.forget_one(span_id)
    }

    /// Notes that the identity of `gone` left while something newer, `current`, is.
    pub(crate) fn note_identity(&self, gone: (u64, IdentityId), below: Stage, current: Stage) {
        if current.span_id == gone.0 || current.identity == Some(gone.1) {
            self.identities.note(gone, below);
        } else {
            // Its span may have left before it, and taken it along.
            self.identities.note_in_case(gone, below);
        }
        self.has_any.set(true);
    }

    /// The identity of `gone` left in its turn: returns what is current now.
    #[cold]
    pub(crate) fn leave_identity(&self, gone: (u64, IdentityId), before: Current) -> Current {
        self.identities.lead_past(gone, before.stage());
        self.step(before)
    }

    /// The identity of `entered` is current again.
    pub(crate) fn enter_identity(&self, entered: (u64, IdentityId)) {
        self.identities.forget(|gone| gone == entered);
    }

    /// A span leaves, and with it the identities that were entered in it: nobody goes back to those.
    pub(crate) fn end_identities_in(&self, span_id: u64) {
        self.identities.forget(|(gone_in, _)| gone_in == span_id);
    }

    /// Returns `before`, or what lies below it if it is gone.
    #[cold]
    #[inline(never)]
    pub(crate) fn step(&self, before: Current) -> Current {
        let past_identities =
            |at: Current| at.identified(self.identities.follow(at.stage()).identity);
        let current = past_identities(self.spans.follow(past_identities(before)));
        let is_bottom = current.span_id == 0 && current.identity().is_none();
        if is_bottom && !self.spans.is_needed() && !self.identities.is_needed() {
            self.spans.forget(|_| true);
            self.identities.forget(|_| true);
            self.has_any.set(false);
        }
        current
    }
}
