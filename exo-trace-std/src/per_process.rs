//! A value of which each process has its own: a forked child waits for no lock of its parent's.
//!
//! A lock that another thread holds while the process is forked stays locked in the child for ever: that
//! thread is not there. What a child may use without `init` therefore has a lock for each process. They
//! stand in a chain that only grows, by one for each generation of forked processes that uses it.

use crate::process::process_id;
use once_cell::race::OnceBox;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;
use web_time::Instant;

/// How long a lock that was inherited may be held by a thread of this process: what it guards takes
/// microseconds, and the rest is for a thread that gets no turn.
const HELD_MAX: Duration = Duration::from_millis(100);

/// The values of this process and of those it was forked from. Not for callers: the tracer's own.
pub struct PerProcess<T> {
    eldest: OnceBox<Own<T>>,
}

struct Own<T> {
    process: u32,
    value: T,
    younger: OnceBox<Self>,
}

impl<T> PerProcess<T> {
    /// Returns none of them yet.
    #[expect(clippy::new_without_default, reason = "each is a static")]
    pub const fn new() -> Self {
        Self { eldest: OnceBox::new() }
    }

    /// Returns the value of this process; `make` makes it from that of the process it was forked from.
    pub fn own(&self, make: impl Fn(Option<&T>) -> T) -> &T {
        self.of(process_id(), make)
    }

    /// Without a lock, which would be one more to be left locked.
    fn of(&self, process: u32, make: impl Fn(Option<&T>) -> T) -> &T {
        let mut place = &self.eldest;
        let mut parents = None;
        loop {
            let made = || Box::new(Own { process, value: make(parents), younger: OnceBox::new() });
            let own = place.get_or_init(made);
            // An elder one of the same number is of a process that has ended.
            if own.process == process && own.younger.get().is_none() {
                return &own.value;
            }
            parents = Some(&own.value);
            place = &own.younger;
        }
    }

    /// Returns the value of this process or, where it has none, that of the one it was forked from; the
    /// system is not asked which it is.
    pub fn youngest(&self) -> Option<&T> {
        self.last().map(|youngest| &youngest.value)
    }

    fn last(&self) -> Option<&Own<T>> {
        let mut youngest = self.eldest.get()?;
        while let Some(younger) = youngest.younger.get() {
            youngest = younger;
        }
        Some(youngest)
    }

    /// Returns the youngest value where that is of a process that `process` was forked from.
    fn inherited(&self, process: u32) -> Option<&T> {
        self.last().filter(|youngest| youngest.process != process).map(|youngest| &youngest.value)
    }
}

impl<T: Default> PerProcess<Mutex<T>> {
    /// Locks a value for this process.
    ///
    /// A forked child goes on with its parent's, which is there as it was left. Where another thread held
    /// the lock at that moment, the child begins with a new value; it waits a moment first, because
    /// threads of its own hold it too.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        if let Some(value) = self.youngest().and_then(free) {
            return value;
        }
        // Asked only here: it costs more than the lock.
        let process = process_id();
        if let Some(value) = self.inherited(process).and_then(given_back) {
            return value;
        }
        self.of(process, |_| Mutex::default()).lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Locks a value that nobody holds.
fn free<T>(value: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match value.try_lock() {
        Ok(value) => Some(value),
        Err(TryLockError::Poisoned(value)) => Some(value.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Locks an inherited value when it is given back; whoever does not was not forked.
fn given_back<T>(value: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    let begun = Instant::now();
    loop {
        if let Some(value) = free(value) {
            return Some(value);
        }
        if begun.elapsed() >= HELD_MAX {
            return None;
        }
        thread::yield_now();
    }
}

impl<T> fmt::Debug for PerProcess<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PerProcess").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(parents: Option<&Mutex<u32>>) -> Mutex<u32> {
        let generation = parents.map_or(0, |parents| parents.try_lock().map_or(99, |held| *held));
        Mutex::new(generation + 1)
    }

    #[test]
    fn a_child_has_a_lock_that_its_parent_cannot_hold() {
        let all = PerProcess::new();
        let parents = all.of(10, next).lock().unwrap();
        assert_eq!(*parents, 1);
        assert_eq!(*all.of(11, next).try_lock().unwrap(), 100, "that of its parent is held");
        drop(parents);
        assert_eq!(*all.of(12, next).try_lock().unwrap(), 101);
        assert_eq!(*all.of(12, next).try_lock().unwrap(), 101, "each has one");
    }

    #[test]
    fn a_child_goes_on_with_what_was_free_and_begins_anew_where_it_was_locked() {
        let all = PerProcess::new();
        let parents = all.of(0, |_| Mutex::new(7));
        assert_eq!((*all.lock(), all.youngest().is_some()), (7, true));
        let held = parents.lock().unwrap();
        assert_eq!(*all.lock(), 0, "this process is another than number 0");
        *all.lock() += 1;
        drop(held);
        assert_eq!((*all.lock(), *parents.lock().unwrap()), (1, 7));
    }

    #[test]
    fn threads_of_a_child_that_meet_at_a_lock_share_what_it_inherited() {
        let all = PerProcess::new();
        // Of another process than this one.
        all.of(0, |_| Mutex::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1_000).for_each(|_| *all.lock() += 1));
            }
        });
        assert_eq!(*all.lock(), 4_000);
        assert!(all.inherited(std::process::id()).is_some(), "nobody began anew");
    }

    #[test]
    fn a_number_that_is_given_to_a_second_process_is_another_process() {
        let all = PerProcess::new();
        let first = std::ptr::from_ref(all.of(10, next));
        all.of(11, next);
        assert!(!std::ptr::eq(all.of(10, next), first));
        assert_eq!(*all.of(10, next).lock().unwrap(), 3);
    }

    #[test]
    fn threads_that_come_at_the_same_time_get_the_same_one() {
        let all = PerProcess::new();
        let places: Vec<_> = std::thread::scope(|scope| {
            let of = || std::ptr::from_ref(all.of(10, next)).addr();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(of)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(places.windows(2).all(|pair| pair[0] == pair[1]), "{places:?}");
    }
}
