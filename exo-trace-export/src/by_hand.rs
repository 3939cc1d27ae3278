//! The drain where no thread turns it: whoever calls does, and destinations work in the same call.

use crate::caught::caught;
use crate::deadline::Deadline;
use crate::drain::Drain;
use crate::inside;
use crate::served::Patience;
use exo_trace_std::HostClock;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::Duration;

/// A drain that waits for somebody to turn it.
pub(crate) struct ByHand {
    /// `None` when it has stopped, or died.
    drain: Mutex<Option<Box<Drain>>>,
    patience: Arc<Patience>,
}

/// Why nobody turned the drain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Another thread did, for longer than the caller had time.
    Busy,
    /// It panicked, and is gone.
    Died,
    /// It had gone before.
    Gone,
}

impl ByHand {
    pub(crate) fn new(drain: Drain, patience: Arc<Patience>) -> Self {
        Self { drain: Mutex::new(Some(Box::new(drain))), patience }
    }

    /// Turns the drain; what it calls is told to come back by `until`.
    pub(crate) fn with<R>(
        &self,
        until: Deadline,
        turn: impl FnOnce(&mut Drain) -> R,
    ) -> Result<R, Trouble> {
        let mut held = self.lock(until)?;
        let drain = held.as_mut().ok_or(Trouble::Gone)?;
        let turned = self.inside(until, || turn(drain));
        if turned.is_err() {
            let dead = held.take();
            // It holds what belongs to the program, which may panic once more.
            let _ = caught(|| drop(dead));
        }
        turned
    }

    /// Turns the drain for the last time; tells whether every destination had finished by `until`.
    pub(crate) fn stop(&self, until: Deadline) -> Result<bool, Trouble> {
        let drain = self.lock(until)?.take().ok_or(Trouble::Gone)?;
        self.inside(until, || drain.stop(until))
    }

    fn inside<R>(&self, until: Deadline, turn: impl FnOnce() -> R) -> Result<R, Trouble> {
        self.patience.lasts_until(until);
        let turned = caught(|| inside::run(turn)).ok_or(Trouble::Died);
        // Nobody publishes the next tick soon.
        HostClock::publish(None);
        turned
    }

    /// Waits until `until` for another thread that turns it; where there are no others nobody waits.
    fn lock(&self, until: Deadline) -> Result<MutexGuard<'_, Option<Box<Drain>>>, Trouble> {
        loop {
            match self.drain.try_lock() {
                Ok(drain) => return Ok(drain),
                Err(TryLockError::Poisoned(drain)) => return Ok(drain.into_inner()),
                Err(TryLockError::WouldBlock) if until.has_passed() => return Err(Trouble::Busy),
                Err(TryLockError::WouldBlock) => {
                    std::thread::park_timeout(Duration::from_millis(1));
                }
            }
        }
    }
}
