//! What a flush or a shutdown achieved.

use crate::losses::Losses;
use std::fmt;

/// What was delivered, what is still on its way, and what was lost, since `init`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a delivery may be incomplete"]
#[non_exhaustive]
pub struct Delivery {
    /// Spans that every destination has taken.
    pub delivered: u64,
    /// Spans that at least one destination has not taken yet.
    pub queued: u64,
    /// Spans that wait on disk for a collector, which a later run sends if this one does not.
    pub spooled: u64,
    /// What was lost.
    pub lost: Losses,
    /// Whether the deadline passed first, or the call came from inside a destination.
    pub(crate) is_cut_short: bool,
}

impl Delivery {
    /// Tells whether every span recorded before the call was delivered, and nothing was lost since
    /// `init`; what came before it is counted and no part of the promise.
    pub fn is_complete(&self) -> bool {
        let since_init = Losses { before_init: 0, inherited: 0, ..self.lost };
        !self.is_cut_short && self.queued == 0 && self.spooled == 0 && since_init.is_none()
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { delivered, queued, spooled, lost, is_cut_short } = self;
        write!(f, "{delivered} spans delivered, {queued} queued, ")?;
        if *spooled > 0 {
            write!(f, "{spooled} on disk, ")?;
        }
        write!(f, "{lost}")?;
        if *is_cut_short { f.write_str(", before everything was done") } else { Ok(()) }
    }
}
