//! No vocabulary is there, so nothing is counted with one.

use crate::CountMethod;

/// Returns `None`: whoever counts has to estimate.
pub(in crate::prompt) fn count_as(_method: CountMethod, _text: &str) -> Option<u64> {
    None
}
