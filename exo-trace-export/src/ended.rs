//! Whether a pipeline has ended: one shutdown does the work, others wait for it, each until its own
//! deadline.

use crate::deadline::Deadline;
use crate::delivery::Delivery;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How far the end of a pipeline is.
#[derive(Default)]
pub(crate) struct Ended {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
enum State {
    #[default]
    Running,
    Ending,
    Done(Box<Delivery>),
}

/// Who ends the pipeline.
pub(crate) enum Turn<'a> {
    /// The caller does.
    Own(Work<'a>),
    /// Somebody did, or does; `None` when that was not done by the deadline.
    Other(Option<Box<Delivery>>),
}

/// The work of ending a pipeline; given up, the next caller has it.
pub(crate) struct Work<'a>(&'a Ended);

impl Ended {
    /// Returns what was delivered, when it has ended.
    pub(crate) fn delivery(&self) -> Option<Delivery> {
        match &*self.lock() {
            State::Done(delivery) => Some((**delivery).clone()),
            State::Running | State::Ending => None,
        }
    }

    /// Takes the work, or waits until `deadline` for whoever has it.
    pub(crate) fn begin(&self, deadline: Deadline) -> Turn<'_> {
        let mut state = self.lock();
        loop {
            match &*state {
                State::Running => {
                    *state = State::Ending;
                    return Turn::Own(Work(self));
                }
                State::Done(delivery) => return Turn::Other(Some(delivery.clone())),
                State::Ending if deadline.has_passed() => return Turn::Other(None),
                State::Ending => {}
            }
            state = match deadline.left() {
                Some(left) => {
                    let waited = self.changed.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Work<'_> {
    /// Says what was delivered in the end.
    pub(crate) fn done(self, delivery: Delivery) {
        *self.0.lock() = State::Done(Box::new(delivery));
    }
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        if matches!(*state, State::Ending) {
            *state = State::Running;
        }
        drop(state);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const AT_ONCE: Duration = Duration::ZERO;

    #[test]
    fn one_works_and_the_others_get_what_it_says() {
        let ended = Ended::default();
        let Turn::Own(work) = ended.begin(Deadline::after(AT_ONCE)) else { panic!("not begun") };
        assert!(matches!(ended.begin(Deadline::after(AT_ONCE)), Turn::Other(None)));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| match ended.begin(Deadline::after(Duration::MAX)) {
                Turn::Other(delivery) => delivery,
                Turn::Own(_) => None,
            });
            work.done(Delivery { delivered: 7, ..Delivery::default() });
            assert_eq!(waiting.join().unwrap().unwrap().delivered, 7);
        });
        assert_eq!(ended.delivery().unwrap().delivered, 7);
    }

    #[test]
    fn work_that_was_given_up_is_done_by_the_next() {
        let ended = Ended::default();
        drop(ended.begin(Deadline::after(AT_ONCE)));
        assert!(matches!(ended.begin(Deadline::after(AT_ONCE)), Turn::Own(_)));
    }
}
