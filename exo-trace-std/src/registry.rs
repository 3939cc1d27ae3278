//! Every lane of the process, living and retired, and how a ring wakes the drain.
//!
//! Lanes are never freed: a thread that ends leaves its ring to the next one. Their number is
//! bounded by `threads_max`, their memory by `threads_max` times the ring. They stand in a chain that
//! only grows and has no lock: a child may be forked while a thread or the drain walks along it, and
//! finds it whole.

mod bell;
#[cfg(feature = "enabled")]
mod claim;

use crate::lane::Lane;
use crate::per_process::PerProcess;
use bell::Bell;
use once_cell::race::OnceBox;
use std::iter;
use std::thread::Thread;

#[cfg(feature = "enabled")]
pub(crate) use claim::{claim, free_others, retire};

/// A lane, and the one that was made after it.
struct Link {
    lane: Lane,
    next: OnceBox<Self>,
}

static FIRST: OnceBox<Link> = OnceBox::new();
static DRAIN: PerProcess<Bell> = PerProcess::new();

/// Every lane, in the order in which they were made.
fn lanes() -> impl Iterator<Item = &'static Lane> {
    iter::successors(FIRST.get(), |link| link.next.get()).map(|link| &link.lane)
}

/// Returns every lane there is.
pub fn snapshot() -> Vec<&'static Lane> {
    lanes().collect()
}

/// Adds the lanes made since `known` was filled.
pub fn refresh(known: &mut Vec<&'static Lane>) {
    known.extend(lanes().skip(known.len()));
}

/// Says which thread empties the rings, or that none does, and wakes it.
pub fn set_drain(thread: Option<Thread>) {
    DRAIN.own(|_| Bell::new()).lead_to(thread);
}

/// Wakes the drain; its token is sticky, so no wake-up is lost between its look and its sleep.
pub fn wake_drain() {
    // A forked child without a drain of its own finds its parent's bell, and wakes nobody.
    if let Some(bell) = DRAIN.youngest() {
        bell.ring();
    }
}
