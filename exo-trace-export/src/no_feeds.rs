//! Nobody but this process writes spans: built without the streams of boards.

use crate::drain::Drain;

/// Passes over nothing: nobody writes.
pub(crate) fn leave_behind() -> u64 {
    0
}

/// No lines.
#[derive(Default)]
pub(crate) struct Feeds {}

impl Feeds {
    pub(crate) fn is_holding(&self) -> bool {
        false
    }

    pub(crate) fn forget(&mut self) -> u64 {
        0
    }

    pub(crate) fn pass(&mut self, _: &mut Drain) {}
}
