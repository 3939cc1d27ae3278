//! The identities that spans may carry the number of: one table of the process, bounded, by need.
//!
//! A span carries a number, so somebody must know for how long it may be asked for. As long as a guard
//! or a future in the scope of an identity lives it has a *lease* and stays. Afterwards it waits in the
//! order in which leases ended, because spans below may still be under way (a detached task, a handle
//! kept for later) and rings may still hold some. When the table is full the first that waits goes; one
//! that the drain has asked for since is given another turn. Equal texts are one identity, so a
//! server's sessions take as many places as there are sessions, not requests.
//!
//! With all places leased a new identity is refused and counted. A number that was forgotten is never
//! given again, so a late span may miss its identity, which is counted, and never gets another's.

use super::identity::Identity;
use crate::counters::Counter;
use crate::per_process::PerProcess;
use crate::process::process_id;
use crate::registry;
use exo_trace_core::IdentityId;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

/// How many identities the process remembers.
const IDENTITIES_MAX: usize = 65_536;
/// How many new ones wake the drain: it may sleep for a second, and what it has not read yet must not be
/// forgotten.
const NEW_PER_WAKE: u64 = 16_384;
const _: () = assert!(NEW_PER_WAKE * 2 < IDENTITIES_MAX as u64);
/// How many bytes they may take, texts and places.
const BYTES_MAX: usize = 32 << 20;
/// What an identity takes beside its texts: its places in the table and in the order of age.
const ENTRY_BYTES: usize = 320;
/// How many numbers, in bits, a process has before it comes to those where another began.
const NUMBERS_BITS: u32 = 24;
/// The bits of a process's number that its identities begin with: half of what a number has above the
/// others, so that the last process has room as well. Linux counts to 2^22.
const PROCESSES_MASK: u32 = (1 << 23) - 1;
/// How many identities are given another turn before one goes all the same.
const TURNS_MAX: usize = 64;

static TABLE: PerProcess<Mutex<Identities>> = PerProcess::new();

fn table() -> MutexGuard<'static, Identities> {
    TABLE.lock()
}

/// Keeps an identity in the table until it is dropped.
#[derive(Debug)]
pub(super) struct Lease {
    id: IdentityId,
}

impl Lease {
    /// Returns a lease of this identity; `None`, counted, where the table has no room.
    pub(super) fn of(identity: Identity) -> Option<Self> {
        let id = table().lease(identity);
        if id.is_none() {
            Counter::IdentitiesFull.add(1);
        }
        Some(Self { id: id? })
    }

    pub(super) fn id(&self) -> IdentityId {
        self.id
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        table().end_lease(self.id);
    }
}

/// Returns the identity with this number, unless it was forgotten.
pub(super) fn find(id: IdentityId) -> Option<Arc<Identity>> {
    table().find(id)
}

#[derive(Debug)]
struct Identities {
    by_id: HashMap<IdentityId, Place>,
    by_texts: HashMap<Arc<Identity>, IdentityId>,
    /// Those that had no lease when they were put here, the longest without one first.
    waiting: VecDeque<IdentityId>,
    bytes: usize,
    last: u64,
}

impl Default for Identities {
    /// Numbers begin at another place in each process: a child that found its parent's table locked knows
    /// numbers of it all the same, by the spans that were open.
    fn default() -> Self {
        Self::of(process_id())
    }
}

#[derive(Debug)]
struct Place {
    identity: Arc<Identity>,
    leases: usize,
    is_waiting: bool,
    /// Whether somebody asked for it since it began to wait.
    is_wanted: bool,
}

impl Identities {
    fn of(process: u32) -> Self {
        // Where processes have larger numbers, none is forked.
        let last = u64::from(process & PROCESSES_MASK) << NUMBERS_BITS;
        let (by_id, by_texts, waiting) = Default::default();
        Self { by_id, by_texts, waiting, bytes: 0, last }
    }

    fn lease(&mut self, identity: Identity) -> Option<IdentityId> {
        if let Some(&id) = self.by_texts.get(&identity)
            && let Some(place) = self.by_id.get_mut(&id)
        {
            place.leases += 1;
            place.is_wanted = true;
            return Some(id);
        }
        let bytes = ENTRY_BYTES + identity.text_bytes();
        // It must not drive the others out for nothing.
        if bytes > BYTES_MAX {
            return None;
        }
        while self.by_id.len() >= IDENTITIES_MAX || self.bytes + bytes > BYTES_MAX {
            self.forget_one()?;
        }
        let id = IdentityId::new(self.last + 1)?;
        self.last += 1;
        if self.last.is_multiple_of(NEW_PER_WAKE) {
            registry::wake_drain();
        }
        let identity = Arc::new(identity);
        self.by_texts.insert(Arc::clone(&identity), id);
        let place = Place { identity, leases: 1, is_waiting: false, is_wanted: false };
        self.by_id.insert(id, place);
        self.bytes += bytes;
        Some(id)
    }

    fn end_lease(&mut self, id: IdentityId) {
        let Some(place) = self.by_id.get_mut(&id) else { return };
        place.leases -= 1;
        if place.leases == 0 && !place.is_waiting {
            place.is_waiting = true;
            self.waiting.push_back(id);
        }
    }

    fn find(&mut self, id: IdentityId) -> Option<Arc<Identity>> {
        let place = self.by_id.get_mut(&id)?;
        place.is_wanted = true;
        Some(Arc::clone(&place.identity))
    }

    /// Forgets the one that waits longest; `None` where all are leased.
    fn forget_one(&mut self) -> Option<()> {
        let mut turns = 0;
        loop {
            let id = self.waiting.pop_front()?;
            let Some(place) = self.by_id.get_mut(&id) else { continue };
            if place.leases > 0 {
                // It waits again when its lease ends.
                place.is_waiting = false;
            } else if place.is_wanted && turns < TURNS_MAX {
                place.is_wanted = false;
                turns += 1;
                self.waiting.push_back(id);
            } else if let Some(Place { identity, .. }) = self.by_id.remove(&id) {
                self.by_texts.remove(&identity);
                self.bytes -= ENTRY_BYTES + identity.text_bytes();
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(number: usize) -> Identity {
        Identity::new().session(format!("s-{number}"))
    }

    #[test]
    fn a_million_identities_take_bounded_room() {
        let mut identities = Identities::default();
        let held = identities.lease(session(0)).unwrap();
        for number in 1..1_000_000 {
            let id = identities.lease(session(number)).unwrap();
            identities.end_lease(id);
        }
        assert_eq!(identities.by_id.len(), IDENTITIES_MAX);
        assert_eq!(identities.by_texts.len(), IDENTITIES_MAX);
        assert!(identities.waiting.len() <= IDENTITIES_MAX && identities.bytes <= BYTES_MAX);
        assert_eq!(identities.find(held).as_deref(), Some(&session(0)), "it is leased");
    }

    #[test]
    fn a_process_of_any_number_has_identities() {
        for process in [0, 1, 1 << 22, u32::MAX] {
            let mut identities = Identities::of(process);
            assert!(identities.lease(session(0)).is_some(), "process {process}");
        }
    }

    #[test]
    fn equal_texts_are_one_identity_and_a_forgotten_number_is_nobody() {
        let mut identities = Identities::default();
        let first = identities.lease(session(0)).unwrap();
        assert_eq!(identities.lease(session(0)), Some(first));
        identities.end_lease(first);
        identities.end_lease(first);
        for number in 1..3 * IDENTITIES_MAX {
            let id = identities.lease(session(number)).unwrap();
            identities.end_lease(id);
        }
        assert_eq!(identities.find(first), None);
        let again = identities.lease(session(0)).unwrap();
        assert_ne!(again, first);
    }

    #[test]
    fn one_that_is_asked_for_outlives_those_that_are_not() {
        let mut identities = Identities::default();
        let busy = identities.lease(session(0)).unwrap();
        identities.end_lease(busy);
        for number in 1..4 * IDENTITIES_MAX {
            let id = identities.lease(session(number)).unwrap();
            identities.end_lease(id);
            if number % 1_000 == 0 {
                assert!(identities.find(busy).is_some());
            }
        }
    }

    #[test]
    fn a_table_of_leased_identities_refuses_more() {
        let mut identities = Identities::default();
        let ids: Vec<_> = (0..IDENTITIES_MAX + 2).map(|n| identities.lease(session(n))).collect();
        assert_eq!(ids.iter().filter(|id| id.is_none()).count(), 2);
        identities.end_lease(ids[0].unwrap());
        assert!(identities.lease(session(IDENTITIES_MAX)).is_some());
    }

    #[test]
    fn one_longer_than_the_table_is_refused_and_drives_nobody_out() {
        let mut identities = Identities::default();
        let waiting = identities.lease(session(0)).unwrap();
        identities.end_lease(waiting);
        let longer = Identity::new().user("u".repeat(BYTES_MAX));
        assert_eq!(identities.lease(longer), None);
        assert!(identities.find(waiting).is_some());
    }
}
