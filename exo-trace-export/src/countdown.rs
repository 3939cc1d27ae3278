//! Calls something once, when the last of several is done.

use std::sync::atomic::{AtomicUsize, Ordering::AcqRel};
use std::sync::{Mutex, PoisonError};

type Done = Box<dyn FnOnce() + Send>;

pub(crate) struct Countdown {
    left: AtomicUsize,
    done: Mutex<Option<Done>>,
}

impl Countdown {
    /// Returns a countdown of so many; `done` is called by the last.
    pub(crate) fn new(count: usize, done: Done) -> Self {
        Self { left: AtomicUsize::new(count), done: Mutex::new(Some(done)) }
    }

    /// Says that one of them is done.
    pub(crate) fn one_done(&self) {
        // AcqRel: the last one sees what the others did before they said so.
        if self.left.fetch_sub(1, AcqRel) == 1 {
            let done = self.done.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(done) = done {
                done();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::mpsc::channel;

    #[test]
    fn the_last_one_calls_and_nobody_else_does() {
        let (called, calls) = channel();
        let countdown = Arc::new(Countdown::new(8, Box::new(move || called.send(()).unwrap())));
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let countdown = Arc::clone(&countdown);
                std::thread::spawn(move || countdown.one_done())
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(calls.iter().count(), 1);
    }
}
