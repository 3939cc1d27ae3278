//! Where requests wait while the collector is away: on disk if there is a spool, else nowhere.

#[cfg(not(feature = "spool"))]
mod nowhere;
#[cfg(feature = "spool")]
mod on_disk;

use bytes::Bytes;
#[cfg(not(feature = "spool"))]
pub(super) use nowhere::Shelter;
#[cfg(feature = "spool")]
pub(super) use on_disk::Shelter;

/// A request that waits, or a part of one.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) request: Bytes,
    pub(super) spans: u64,
}

/// What waits longest.
pub(super) struct Sheltered {
    pub(super) whole: Part,
    /// Whether this process recorded them; else they were found on disk, and are nobody's here.
    pub(super) is_own: bool,
}
