//! The last traces that continue one of another process, said again until they are surely heard.

use crate::SpanContext;
use crate::compact::LocalId;

/// How many of the newest are kept.
const KEPT_MAX: usize = 4;
/// How often one is said again behind a span of its trace, besides with every round.
const REPEATS: u8 = 2;

/// One trace that continues another.
#[derive(Clone, Copy, Debug)]
struct Kept {
    root: LocalId,
    remote: SpanContext,
    repeats: u8,
}

/// The newest of them.
#[derive(Debug, Default)]
pub(super) struct Contexts {
    kept: [Option<Kept>; KEPT_MAX],
    oldest: u8,
    /// The place of one that is to be said next.
    due: Option<u8>,
}

impl Contexts {
    /// Keeps one, in the place of the oldest.
    pub(super) fn keep(&mut self, root: LocalId, remote: SpanContext) {
        if let Some(place) = self.kept.get_mut(usize::from(self.oldest)) {
            *place = Some(Kept { root, remote, repeats: REPEATS });
        }
        self.oldest = (self.oldest + 1) % KEPT_MAX as u8;
    }

    /// Tells whether the trace with this root continues another, as far as is remembered, and that a
    /// span of it goes out.
    pub(super) fn is_remote(&mut self, root: LocalId) -> bool {
        for (place, kept) in (0..).zip(self.kept.iter_mut().flatten()) {
            if kept.root == root {
                if kept.repeats > 0 {
                    kept.repeats -= 1;
                    self.due = Some(place);
                }
                return true;
            }
        }
        false
    }

    /// Returns the one that is to be said now, once.
    pub(super) fn take_due(&mut self) -> Option<(LocalId, SpanContext)> {
        self.due.take().and_then(|place| self.get(place))
    }

    /// Returns the one at a place, from zero.
    pub(super) fn get(&self, place: u8) -> Option<(LocalId, SpanContext)> {
        let kept = self.kept.get(usize::from(place)).copied().flatten()?;
        Some((kept.root, kept.remote))
    }
}
