//! What the drain wants to know of each call site, worked out once.
//!
//! A call site is read-only memory behind a table of atomics, and asking it for one constant compares
//! every key it has. Nearly every span of a program comes from a few call sites, a million times.

use crate::operation::Operation;
use exo_trace_core::{CALLSITES_MAX, Callsite, CallsiteId};
use exo_trace_std::SpanKind;

/// What is constant about the spans of a call site.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Site {
    /// What they do, unless they say something else.
    pub(crate) operation: Operation,
    pub(crate) kind: SpanKind,
}

/// The call sites met so far, by their number.
#[derive(Debug, Default)]
pub(crate) struct Sites {
    known: Vec<Option<Site>>,
}

impl Sites {
    /// Returns what is known of a call site; one without a number has nothing to say.
    #[inline]
    pub(crate) fn of(&mut self, callsite: Option<CallsiteId>) -> Site {
        let Some(id) = callsite else { return Site::default() };
        match self.known.get(usize::from(id.to_number())) {
            Some(Some(site)) => *site,
            _ => self.learn(id),
        }
    }

    #[cold]
    #[inline(never)]
    fn learn(&mut self, id: CallsiteId) -> Site {
        let place = usize::from(id.to_number());
        // A number that was never given has no call site, and may be given to one later.
        let Some(facts) = id.callsite().map(Callsite::facts).filter(|_| place <= CALLSITES_MAX)
        else {
            return Site::default();
        };
        let site = Site { operation: Operation::of_callsite(facts), kind: facts.kind };
        let len = self.known.len().max(place + 1);
        self.known.resize(len, None);
        self.known[place] = Some(site);
        site
    }
}
