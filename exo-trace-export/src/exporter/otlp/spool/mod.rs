//! Encoded requests that wait on disk while the collector is away, and leave in order when it is back.
//!
//! A spool is a queue that survives its process. What it holds are whole OTLP requests, as they would
//! have been sent: nothing is encoded twice, and nothing needs to be understood to be sent on.
//!
//! ```text
//! <directory>/
//!   spool-18a5c0…-9f21….lock              held by a process that runs
//!   spool-18a5c0…-9f21…-00000000.spans    its oldest segment: read from here
//!   spool-18a5c0…-9f21…-00000001.spans    its newest: written here
//!   spool-18a5bf…-03d7….lock              held by nobody: an orphan's
//!   spool-18a5bf…-03d7…-00000000.spans    taken over by the next process that opens the directory
//! ```
//!
//! **Two processes** may share a directory. Each writes under a name of its own and holds a lock for
//! as long as it runs; what stands under a name whose lock is free belonged to a process that is gone,
//! and goes before anything new to whoever opens the directory next. So processes that share a
//! directory share a collector. The directory belongs on a local disk, where locks are kept.
//!
//! **The bound** counts bytes on disk, frame headers included. A request that would pass it is
//! refused, the newest first, and the caller counts its spans. A segment leaves the disk when the
//! last of its requests has left; until then what has left still takes room, up to an eighth of the
//! bound or 16 MiB. What orphans left is taken over even where it passes the bound; then there is
//! room again when enough of it has been sent.
//!
//! **A crash** loses nothing that [`Spool::put`] took, for the page cache outlives the process; a
//! power failure loses what came after the last [`Spool::sync`]. Delivery is at least once: a request
//! is marked as sent in place, after the collector took it, and a process that dies between the two
//! sends that one request twice; one that went in parts, because it was too long for its collector, is
//! sent whole again by whoever comes after a process that had not sent them all. After a power failure marks may be missing, and requests of the
//! segments on disk are sent twice.
//!
//! **Damage**, a torn tail or flipped bits, is found by CRC-32 and costs the frames it hit, no
//! others. Each header says how many spans its segment had before it, so the spans of a frame that
//! cannot be read are known from the next one that can. Only the last frame of a segment has no next:
//! without its header one span is counted. Where the header of the request that left last is damaged
//! before another has left, its spans count as damaged although they arrived.
//!
//! **Secrets** may stand in spans: files are readable by their owner alone, and so is a directory that
//! is created here; one that exists keeps its permissions.
//!
//! Memory holds one frame at a time, never more than [`REQUEST_BYTES_MAX`]; open are three files at most.

mod claim;
#[cfg(test)]
mod damage;
mod frame;
#[cfg(test)]
mod laws;
mod owner_only;
#[cfg(test)]
mod processes;
mod queue;
mod refused;
mod segment;

pub(crate) use frame::{Form, REQUEST_BYTES_MAX};
pub(crate) use queue::Spool;
