//! Who turns the drain: a thread of its own, or whoever calls.

use crate::by_hand::{ByHand, Trouble};
use crate::deadline::Deadline;
use crate::drain::Drain;
use crate::front::{Command, Shared};
use crate::inside;
use crate::note::note;
use crate::running;
use crate::served::Served;
use exo_trace_std::registry;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

/// A drain, and who turns it.
pub(crate) struct Turned {
    shared: Arc<Shared>,
    by: By,
    /// Records that stood in the rings when the drain had died.
    unread: AtomicU64,
}

enum By {
    /// Ends with whether every destination had finished.
    Thread(Mutex<Option<JoinHandle<bool>>>),
    Hand(ByHand),
}

impl Turned {
    /// Starts a thread for a drain, unless it is to be turned by hand.
    pub(crate) fn start(drain: Drain, shared: Arc<Shared>, served: &Served) -> io::Result<Self> {
        let by = match served {
            Served::ByThreads => {
                let thread = std::thread::Builder::new()
                    .name("exo-trace-drain".to_owned())
                    .spawn(move || inside::run(|| drain.run()))?;
                registry::set_drain(Some(thread.thread().clone()));
                By::Thread(Mutex::new(Some(thread)))
            }
            Served::ByHand(patience) => By::Hand(ByHand::new(drain, Arc::clone(patience))),
        };
        Ok(Self { shared, by, unread: AtomicU64::new(0) })
    }

    pub(crate) fn is_by_hand(&self) -> bool {
        matches!(self.by, By::Hand(_))
    }

    /// Records that nobody read because the drain had died.
    pub(crate) fn unread(&self) -> u64 {
        self.unread.load(Relaxed)
    }

    /// Delivers what stands in the rings; `false` when that was not done by `until`.
    pub(crate) fn turn(&self, until: Deadline) -> bool {
        match &self.by {
            By::Thread(_) => self.flush(until),
            By::Hand(by_hand) => self.done(by_hand.with(until, Drain::turn)).is_some(),
        }
    }

    /// Delivers what was recorded before, and asks every destination to write out what it holds back;
    /// `false` when that was not done by `until`.
    pub(crate) fn flush(&self, until: Deadline) -> bool {
        let (done, is_done) = mpsc::sync_channel(1);
        let done = Box::new(move || {
            // Nobody waits any more where the deadline has passed.
            let _ = done.try_send(());
        });
        match &self.by {
            By::Thread(_) => {
                self.shared.send(Command::Flush { done });
                registry::wake_drain();
                is_done.recv_timeout(until.left().unwrap_or(Duration::MAX)).is_ok()
            }
            By::Hand(by_hand) => {
                let flushed = by_hand.with(until, |drain| drain.flush(done));
                self.done(flushed).is_some() && is_done.try_recv().is_ok()
            }
        }
    }

    /// Lets the drain and its destinations finish; `false` when one had not by `until`.
    pub(crate) fn stop(&self, until: Deadline) -> bool {
        let thread = match &self.by {
            By::Hand(by_hand) => return self.done(by_hand.stop(until)).unwrap_or(false),
            By::Thread(thread) => thread,
        };
        self.shared.send(Command::Stop { deadline: until });
        registry::wake_drain();
        let thread = thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let has_finished = thread.is_some_and(|thread| self.join(thread, until));
        registry::set_drain(None);
        has_finished
    }

    fn join(&self, thread: JoinHandle<bool>, until: Deadline) -> bool {
        while !thread.is_finished() && !until.has_passed() {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        if !thread.is_finished() {
            return false;
        }
        thread.join().unwrap_or_else(|_| {
            self.has_died();
            false
        })
    }

    /// Takes what came of a turn by hand.
    fn done<R>(&self, result: Result<R, Trouble>) -> Option<R> {
        if let Err(Trouble::Died) = result {
            self.has_died();
        }
        result.ok()
    }

    /// Counts what a drain that died did not read.
    fn has_died(&self) {
        note("the drain panicked; what it held is lost");
        // The dead drain has given the right back; nobody else reads before a next `init`.
        let Some(_reading) = running::begin_reading() else { return };
        let unread = registry::snapshot().iter().map(|lane| lane.reader().skip() as u64).sum();
        // Relaxed: a count.
        self.unread.fetch_add(unread, Relaxed);
    }

    /// Waits for a drain that is about to die.
    #[cfg(test)]
    pub(crate) fn wait_for_its_death(&self) {
        let By::Thread(thread) = &self.by else { return };
        while !thread.lock().unwrap().as_ref().unwrap().is_finished() {
            std::thread::yield_now();
        }
    }
}
