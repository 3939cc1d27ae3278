//! One span as the console shows it: a name, a place in time, a mark and one line of facts.

use super::Facts;

/// One span as the tree shows it.
///
/// `name` and `facts` may hold any text; control characters are escaped when they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The span id; the first row to start keeps a number that several rows claim.
    pub(crate) id: u64,
    /// The parent's span id; a parent that is not among the rows makes this row a local root.
    pub(crate) parent: Option<u64>,
    /// The span's name.
    pub(crate) name: String,
    /// When the span started, in nanoseconds since the Unix epoch.
    pub(crate) start_unix_nano: u64,
    /// How long the span lasted, in nanoseconds.
    pub(crate) duration_nanos: u64,
    /// How the span ended.
    pub(crate) mark: Mark,
    /// What matters for this kind of span, in one line; empty when there is nothing to say.
    pub(crate) facts: Facts,
}

/// How a span ended, as the sign between its name and its duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Nothing to point at.
    None,
    /// The span reported an error: a red `✗`.
    Error,
    /// The span ended by a panic: a red `✗`.
    Panicked,
    /// The span was dropped before it was done: a yellow `⊘`.
    Cancelled,
}
