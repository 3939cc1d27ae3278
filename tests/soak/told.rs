//! How many facts each kind of span is told, so that one that is missing is missed.

use crate::laws::Facts;

/// Returns what a span with this name was told; what begins with no such name is told nothing.
pub(crate) fn to(name: &str) -> Facts {
    let (attributes, events, links) = match name {
        "run" | "request" | "agent" | "turn" | "reply" | "delegated" => (1, 0, 0),
        "step" | "call" => (2, 0, 0),
        // One at the beginning, the others later.
        "late facts" => (4, 2, 1),
        "handed over" => (2, 2, 0),
        // The error, the panic, and the word of a cancellation are events.
        "fails" | "panics" | "dropped" => (0, 1, 0),
        "dies" => (1, 1, 0),
        _ => (0, 0, 0),
    };
    Facts { attributes, events, links }
}
