//! Without OpenTelemetry there is nobody to join, and nothing is compiled for it.

use crate::recording::carried::Carrying;
use exo_trace_core::Current;

/// What OpenTelemetry holds on behalf of a span of ours; here, nothing.
#[derive(Debug, Default)]
pub(crate) struct Beside;

impl Beside {
    pub(in crate::recording) const NONE: Self = Self;

    /// Attaches nothing.
    #[inline(always)]
    pub(in crate::recording) fn of(_current: Current) -> Self {
        Self
    }

    /// Tells that nothing is held.
    #[inline(always)]
    pub(in crate::recording) fn is_none(&self) -> bool {
        true
    }

    #[inline(always)]
    pub(in crate::recording) fn above(_below: Current, _current: Current) -> Self {
        Self
    }

    #[inline(always)]
    pub(in crate::recording) fn below(&self) -> Option<Current> {
        None
    }
}

/// Tells whether there is another context to go along with.
#[inline(always)]
pub(crate) fn is_joined() -> bool {
    false
}

/// Returns what is current, which is what our own notes say.
#[inline(always)]
pub(in crate::recording) fn seen(own: Current) -> Current {
    own
}

/// Returns what is carried, which is what our own notes say.
#[inline(always)]
pub(in crate::recording) fn carrying(own: Carrying) -> Carrying {
    own
}

/// Returns it as it is: nobody is shown it.
#[inline(always)]
pub(in crate::recording) fn shown(current: Current) -> Current {
    current
}
