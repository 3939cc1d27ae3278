//! What call sites could not do, counted for the whole process.
//!
//! Each is bumped on a cold path only; the refusals of a ring are counted by the ring itself.

mod add;

use crate::sync::{Relaxed, StaticAtomicU64};

/// One thing that can go wrong at a call site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Counter {
    /// A span began before `init`.
    BeforeInit,
    /// A span began or ended, or a fact of one came, after `shutdown`.
    AfterShutdown,
    /// A span or fact had no ring to go to: more than `threads_max` threads record at once.
    NoLane,
    /// A span or fact came after its thread had given its ring back, in another destructor.
    ThreadGone,
    /// A guard was dropped while a newer one lived, or on a context that was not its own.
    OutOfOrder,
    /// An attribute key found no room in the table.
    KeysFull,
    /// A call site found no room in the table; its spans keep only their name.
    CallsitesFull,
    /// Formatting an attribute panicked; the attribute says so.
    FormatPanicked,
    /// A span was refused by a full ring.
    SpansRefused,
    /// An attribute, event, link, status or name was refused by a full ring.
    FactsRefused,
    /// A run was recorded with a time that is negative or no number; zero was recorded instead.
    TimesRefused,
    /// A captured content was refused by a full queue.
    ContentsRefused,
    /// The program's rule panicked at an argument; the attribute says so.
    RedactionsPanicked,
    /// An identity found no room in the table; spans below it say nothing of it.
    IdentitiesFull,
    /// A member of the baggage was refused: its key is no token, it could not be read, or it is over a limit.
    BaggageRefused,
    /// A span of `tracing` was entered inside too many others on one thread; what began in it is a child
    /// of one of those.
    EntersRefused,
}

const COUNTERS: usize = Counter::EntersRefused as usize + 1;

static VALUES: [StaticAtomicU64; COUNTERS] = [const { StaticAtomicU64::new(0) }; COUNTERS];

impl Counter {
    /// Returns how often it happened since the process began. Relaxed: a count, read from anywhere.
    pub fn value(self) -> u64 {
        let value = VALUES.get(self as usize).map_or(0, |value| value.load(Relaxed));
        match self {
            // A key at a call site is refused by the table itself, which counts it.
            Self::KeysFull => value + u64::from(exo_trace_core::Key::refused()),
            _ => value,
        }
    }
}
