//! How spans are gathered for a collector, how long they wait, and where they go while it is away.

use std::path::PathBuf;
use std::time::Duration;

/// How spans are gathered for a collector, and what happens when it does not take them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sending {
    /// How many spans one request holds at most; it is cut by bytes as well.
    pub(crate) batch_spans_max: usize,
    /// How long a span waits for others before it is sent.
    pub(crate) batch_delay: Duration,
    /// How many spans may wait; they are bounded in bytes as well.
    pub(crate) queue_spans_max: usize,
    /// How long the same spans are tried again and again before they are given up.
    pub(crate) give_up_after: Duration,
    /// Where spans wait while the collector is away; without it they wait in the queue.
    pub(crate) spool: Option<SpoolPlace>,
    /// How often the losses are sent as metrics; `None` for never.
    pub(crate) metrics_every: Option<Duration>,
}

/// A directory for spans that wait on disk, and how many bytes it may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpoolPlace {
    pub(crate) directory: PathBuf,
    pub(crate) bytes_max: u64,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            batch_spans_max: 8_192,
            batch_delay: Duration::from_secs(1),
            queue_spans_max: 1 << 20,
            give_up_after: Duration::from_secs(300),
            spool: None,
            metrics_every: None,
        }
    }
}
