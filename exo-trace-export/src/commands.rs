//! What the drain is asked to do, on its way to it: a list that is there as long as the drain is.
//!
//! A command that nobody will carry out is dropped, and who waits for it is told by that.

use crate::sync::{Mutex, MutexGuard, PoisonError};

/// The list; closed until a drain opens it.
#[derive(Debug)]
pub(crate) struct Commands<T> {
    /// `None` when nobody carries them out.
    waiting: Mutex<Option<Vec<T>>>,
}

impl<T> Default for Commands<T> {
    fn default() -> Self {
        Self { waiting: Mutex::new(None) }
    }
}

impl<T> Commands<T> {
    /// Says that there is somebody to carry them out.
    pub(crate) fn open(&self) {
        *self.lock() = Some(Vec::new());
    }

    /// Says that there is nobody any more, and drops what waits.
    pub(crate) fn close(&self) {
        let left = self.lock().take();
        // Not under the lock: whoever waits may ask for something else.
        drop(left);
    }

    /// Leaves a command; whoever does rings for the drain afterwards.
    pub(crate) fn leave(&self, command: T) {
        if let Some(waiting) = &mut *self.lock() {
            waiting.push(command);
        }
    }

    /// Takes what waits, in the order in which it came.
    pub(crate) fn take(&self) -> Vec<T> {
        self.lock().as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<T>>> {
        // Nothing above panics while it holds the lock.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
