//! What the drain shows to others, and where they leave word for it.

use crate::commands::Commands;
use crate::counts::Counts;
use crate::deadline::Deadline;
use crate::statistics::Tally;
use exo_trace_std::HostClock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Something the drain is asked to do.
pub(crate) enum Command {
    /// Full passes until nothing of before is held; `done` is called when every destination has
    /// what they brought.
    Flush { done: Box<dyn FnOnce() + Send> },
    /// The same, then the destinations end, and the drain with them.
    Stop { deadline: Deadline },
}

/// What the drain shows to others.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) commands: Commands<Command>,
    tally: Mutex<Tally>,
    counts: Mutex<Vec<Arc<Counts>>>,
}

impl Shared {
    /// Asks the drain for something; one that has ended drops the command, and who waits for it
    /// is told by that.
    pub(crate) fn send(&self, command: Command) {
        self.commands.leave(command);
    }

    pub(crate) fn tally(&self) -> Tally {
        lock(&self.tally).clone()
    }

    pub(crate) fn counts(&self) -> Vec<Arc<Counts>> {
        lock(&self.counts).clone()
    }

    /// Returns both as of one moment: a consumer that leaves goes from one to the other.
    pub(crate) fn tally_and_counts(&self) -> (Tally, Vec<Arc<Counts>>) {
        let counts = lock(&self.counts);
        (self.tally(), counts.clone())
    }

    /// Brings what others see up to date.
    pub(crate) fn show(&self, tally: &mut Tally) {
        tally.show(&mut lock(&self.tally));
    }

    /// Brings both up to date as of one moment.
    pub(crate) fn show_with_counts(&self, tally: &mut Tally, new: Vec<Arc<Counts>>) {
        // Whoever wants both locks them in this order.
        let mut counts = lock(&self.counts);
        self.show(tally);
        *counts = new;
    }

    /// Says whose counts there are.
    pub(crate) fn show_counts(&self, counts: Vec<Arc<Counts>>) {
        *lock(&self.counts) = counts;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing above panics while it holds one of these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Closes the list of commands when the drain ends, in a panic too, and publishes no ticks any more.
pub(crate) struct Open(pub(crate) Arc<Shared>);

impl Drop for Open {
    fn drop(&mut self) {
        HostClock::publish(None);
        self.0.commands.close();
    }
}
