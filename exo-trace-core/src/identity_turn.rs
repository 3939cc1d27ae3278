//! The stretch of code that works for somebody: which identity spans take over, and which before.
//!
//! Nothing but the identity is put back at its end, so that a span which left or was entered meanwhile
//! stays as it is. One that ends while something newer is current is noted among the gaps.

use crate::detours::Place;
use crate::gaps::Stage;
use crate::{Clock, IdentityId, Recorder, Slot};

/// What to put back when an identity leaves.
#[derive(Clone, Copy, Debug)]
pub struct IdentityTurn {
    own: IdentityId,
    /// What was current at its beginning.
    before: Stage,
}

impl<S: AsRef<[Slot]>, C: Clock, W: Fn()> Recorder<'_, S, C, W> {
    /// Lets spans that begin from here on work for `identity`, while the current span is.
    pub fn enter_identity(&self, identity: IdentityId) -> IdentityTurn {
        let current = self.current();
        if self.gaps.has_any() {
            self.gaps.enter_identity((current.span_id, identity));
        }
        self.replace_current(current.identified(Some(identity)));
        IdentityTurn { own: identity, before: current.stage() }
    }

    /// Lets spans work for whom they did before.
    ///
    /// Returns `false` when another span or identity is current: somebody left out of order. Then that
    /// stays, and when it leaves, what was current before this one follows.
    pub fn leave_identity(&self, turn: IdentityTurn) -> bool {
        let IdentityTurn { own, before } = turn;
        let (current, gone) = (self.current(), (before.span_id, own));
        let is_current = current.stage().name() == Some(gone);
        if is_current && self.gaps.has_any() {
            let below = current.identified(before.identity);
            self.replace_current(self.gaps.leave_identity(gone, below));
        } else if is_current {
            self.replace_current(current.identified(before.identity));
        } else if current.span_id != 0 || current.identity().is_some() {
            self.gaps.note_identity(gone, before, current.stage());
        }
        is_current
    }
}
