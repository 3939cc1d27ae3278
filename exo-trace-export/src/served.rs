//! Who does the work of destinations: a thread for each, or whoever turns the drain by hand.

use crate::deadline::Deadline;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Who does the work of destinations.
#[derive(Clone, Debug)]
pub(crate) enum Served {
    ByThreads,
    /// The caller, who has so much patience.
    ByHand(Arc<Patience>),
}

impl Served {
    /// Returns how long whoever does the work has, where that is said call by call.
    pub(crate) fn patience(&self) -> Option<Arc<Patience>> {
        match self {
            Self::ByThreads => None,
            Self::ByHand(patience) => Some(Arc::clone(patience)),
        }
    }
}

/// By when a call that turns the drain is to return.
#[derive(Debug)]
pub(crate) struct Patience {
    until: Mutex<Deadline>,
}

impl Default for Patience {
    fn default() -> Self {
        Self { until: Mutex::new(Deadline::after(Duration::ZERO)) }
    }
}

impl Patience {
    /// Begins a call.
    pub(crate) fn lasts_until(&self, deadline: Deadline) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    /// Returns when the last call that began is to end.
    #[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "only collectors are told"))]
    pub(crate) fn until(&self) -> Deadline {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
