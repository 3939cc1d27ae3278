//! Who waits for a reading of now: a bounded queue, emptied by every reading for all who are in it.

use std::sync::mpsc as blocking;
use std::time::Duration;
use tokio::sync::mpsc;

/// How many may wait at once; who comes after them is not held up, and gets the next period's reading.
const WAITING_MAX: usize = 1_024;

/// Told when the reading was sent.
type Waiting = blocking::SyncSender<()>;

/// Asks a reporter for a reading of now.
#[derive(Clone)]
pub(crate) struct Flushes(mpsc::Sender<Waiting>);

/// What was asked of a reporter.
pub(super) struct Asked(mpsc::Receiver<Waiting>);

/// Returns both ends of the queue.
pub(super) fn flushes() -> (Flushes, Asked) {
    let (flushes, asked) = mpsc::channel(WAITING_MAX);
    (Flushes(flushes), Asked(asked))
}

impl Flushes {
    /// Waits until a reading of now was sent, whatever came of it, or until `deadline`.
    pub(crate) fn flush(&self, deadline: Duration) {
        if let Some(is_done) = self.ask() {
            // Also told when the thread ends without.
            let _ = is_done.recv_timeout(deadline);
        }
    }

    /// Asks for a reading without waiting; `None` where too many wait already, or nobody reads.
    pub(crate) fn ask(&self) -> Option<blocking::Receiver<()>> {
        let (done, is_done) = blocking::sync_channel(1);
        self.0.try_send(done).ok()?;
        Some(is_done)
    }
}

impl Asked {
    /// Waits until somebody asks, and returns all who have.
    pub(super) async fn next(&mut self) -> Served {
        let mut waiting = Vec::new();
        self.0.recv_many(&mut waiting, WAITING_MAX).await;
        Served(waiting)
    }
}

/// Whom one reading is for.
#[derive(Default)]
pub(super) struct Served(Vec<Waiting>);

impl Served {
    /// Tells them that it was sent.
    pub(super) fn tell(self) {
        for waiting in self.0 {
            // Nobody waits any more where the deadline has passed.
            let _ = waiting.try_send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::runtime::Builder;

    #[test]
    fn one_reading_serves_all_who_wait_and_one_too_many_is_not_held_up() {
        let (flushes, mut asked) = flushes();
        let waiting: Vec<_> = (0..WAITING_MAX).map(|_| flushes.ask().unwrap()).collect();
        assert!(flushes.ask().is_none());
        flushes.flush(Duration::MAX);
        let served = Builder::new_current_thread().build().unwrap().block_on(asked.next());
        assert!(flushes.ask().is_some(), "there is room again");
        served.tell();
        assert!(waiting.iter().all(|is_done| is_done.try_recv().is_ok()));
    }
}
