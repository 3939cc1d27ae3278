//! How a thread that fills something wakes the drain: it waits for nobody, and nobody misses it.
//!
//! The drain's token is sticky: a ring between its look and its sleep ends that sleep at once. A ring
//! before it was known who comes is made up for by the wake-up that goes out when that is said.

use crate::sync::{PoisonError, RwLock, Thread};

/// What threads ring and one thread hears, or none.
#[derive(Debug)]
pub(crate) struct Bell {
    hearing: RwLock<Option<Thread>>,
}

impl Bell {
    /// Returns a bell that nobody hears.
    pub(crate) const fn new() -> Self {
        Self { hearing: RwLock::new(None) }
    }

    /// Says which thread hears it, or that none does, and wakes that.
    pub(crate) fn lead_to(&self, thread: Option<Thread>) {
        let woken = thread.clone();
        *self.hearing.write().unwrap_or_else(PoisonError::into_inner) = thread;
        // Who rang before this lock was taken found nobody, and its writer does not ring twice. What it
        // had published happens before the wake-up, through the lock.
        woken.iter().for_each(Thread::unpark);
    }

    /// Wakes the thread that hears it, if there is one.
    ///
    /// A lock that is taken means that somebody is just being told, who is woken afterwards. For a lock
    /// that was refused nothing is ordered, nor where a process has no bell yet, and C11 does not forbid this:
    ///
    /// ```text
    /// ring                         lead_to                  the drain
    /// written.store(1, Release)    lock, told, unlock       park()
    /// try_read() == Err            unpark()                 written.load(Acquire) == 0, park()
    /// ```
    ///
    /// Here the time-out is what helps: a drain that has just been started sleeps for milliseconds.
    pub(crate) fn ring(&self) {
        if let Ok(hearing) = self.hearing.try_read()
            && let Some(thread) = &*hearing
        {
            thread.unpark();
        }
    }
}
