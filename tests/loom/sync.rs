//! Loom's locks and atomics under the names by which `crate::sync` has the machine's.
//!
//! Loom's cannot be made at compile time. Those that a constant holds are made at their first use; a
//! model sees to that before it starts threads.

use loom::sync::LockResult;
use loom::sync::atomic as loomed;
use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;
use std::time::Duration;

pub(crate) use loom::sync::atomic::{AtomicU32, AtomicUsize};
pub(crate) use loom::sync::{MutexGuard, RwLockReadGuard, RwLockWriteGuard};
pub(crate) use loom::thread::Thread;
pub(crate) use std::sync::PoisonError;
pub(crate) use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// The machine's is relaxed; C11 asks for more than machines do (`exo-trace-core/src/number.rs`).
pub(crate) use std::sync::atomic::Ordering::Acquire as HandedOn;

/// Something of Loom's, made at its first use from what it holds at first.
struct Made<T, L> {
    first: std::sync::Mutex<Option<T>>,
    made: OnceLock<L>,
}

impl<T, L> Made<T, L> {
    const fn of(first: T) -> Self {
        Self { first: std::sync::Mutex::new(Some(first)), made: OnceLock::new() }
    }

    fn by(&self, make: fn(T) -> L) -> &L {
        self.made.get_or_init(|| {
            let first = self.first.lock().expect("nobody panics with it").take();
            make(first.expect("it is made once"))
        })
    }
}

impl<T, L> fmt::Debug for Made<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Made")
    }
}

/// An atomic that a constant may hold.
#[derive(Debug)]
pub(crate) struct StaticAtomicU32(Made<u32, loomed::AtomicU32>);

impl StaticAtomicU32 {
    pub(crate) const fn new(first: u32) -> Self {
        Self(Made::of(first))
    }

    fn made(&self) -> &loomed::AtomicU32 {
        self.0.by(loomed::AtomicU32::new)
    }

    pub(crate) fn load(&self, order: loomed::Ordering) -> u32 {
        self.made().load(order)
    }

    pub(crate) fn store(&self, value: u32, order: loomed::Ordering) {
        self.made().store(value, order);
    }

    pub(crate) fn fetch_add(&self, value: u32, order: loomed::Ordering) -> u32 {
        self.made().fetch_add(value, order)
    }
}

/// As `once_cell::race::OnceRef`, with its orderings: a place in a list of references stands for the
/// address, which without `unsafe` nobody can follow.
pub(crate) struct OnceRef<'a, T: 'static> {
    place: Made<usize, loomed::AtomicUsize>,
    known: std::sync::Mutex<Vec<&'static T>>,
    lifetime: PhantomData<&'a T>,
}

impl<T: 'static> OnceRef<'_, T> {
    pub(crate) const fn new() -> Self {
        let known = std::sync::Mutex::new(Vec::new());
        Self { place: Made::of(0), known, lifetime: PhantomData }
    }

    fn place(&self) -> &loomed::AtomicUsize {
        self.place.by(loomed::AtomicUsize::new)
    }

    pub(crate) fn get(&self) -> Option<&'static T> {
        let place = self.place().load(Acquire).checked_sub(1)?;
        self.known.lock().expect("nobody panics with it").get(place).copied()
    }

    pub(crate) fn set(&self, value: &'static T) -> Result<(), ()> {
        let place = {
            let mut known = self.known.lock().expect("nobody panics with it");
            known.push(value);
            known.len()
        };
        let order = loomed::Ordering::AcqRel;
        self.place().compare_exchange(0, place, order, Acquire).map(drop).map_err(drop)
    }
}

/// A mutex that a constant may hold.
#[derive(Debug)]
pub(crate) struct Mutex<T>(Made<T, loom::sync::Mutex<T>>);

impl<T> Mutex<T> {
    pub(crate) const fn new(first: T) -> Self {
        Self(Made::of(first))
    }

    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        self.0.by(loom::sync::Mutex::new).lock()
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

/// A lock for readers and a writer that a constant may hold.
#[derive(Debug)]
pub(crate) struct RwLock<T>(Made<T, loom::sync::RwLock<T>>);

impl<T> RwLock<T> {
    pub(crate) const fn new(first: T) -> Self {
        Self(Made::of(first))
    }

    fn made(&self) -> &loom::sync::RwLock<T> {
        self.0.by(loom::sync::RwLock::new)
    }

    pub(crate) fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        self.made().write()
    }

    pub(crate) fn try_read(&self) -> loom::sync::TryLockResult<RwLockReadGuard<'_, T>> {
        self.made().try_read()
    }
}

/// A condition that a constant may hold. No time passes in a model: it waits until it is told.
#[derive(Debug)]
pub(crate) struct Condvar(Made<(), loom::sync::Condvar>);

impl Condvar {
    pub(crate) const fn new() -> Self {
        Self(Made::of(()))
    }

    fn made(&self) -> &loom::sync::Condvar {
        self.0.by(|()| loom::sync::Condvar::new())
    }

    pub(crate) fn wait_timeout_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: Duration,
        mut is_to_wait: impl FnMut(&mut T) -> bool,
    ) -> LockResult<(MutexGuard<'a, T>, Waited)> {
        while is_to_wait(&mut guard) {
            (guard, _) = self.made().wait_timeout(guard, timeout).expect("nobody panics with it");
        }
        Ok((guard, Waited))
    }

    pub(crate) fn notify_all(&self) {
        self.made().notify_all();
    }
}

/// What `WaitTimeoutResult` says of a wait that came to its end.
pub(crate) struct Waited;

impl Waited {
    pub(crate) fn timed_out(&self) -> bool {
        false
    }
}
