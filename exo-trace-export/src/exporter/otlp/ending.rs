//! When everything has to be done: unknown until `shutdown` says so, from another thread.

use crate::deadline::Deadline;
use crate::destination;
use std::time::Duration;

/// How long before the deadline the exporter stops, so that its counts are in when somebody looks:
/// a tenth of the time, and no more than this.
const MARGIN_MAX: Duration = Duration::from_millis(100);

/// Waits that end when there is no more time.
pub(super) struct Ending {
    told: Option<destination::Ending>,
    deadline: Option<Deadline>,
}

impl Ending {
    pub(super) fn new(told: destination::Ending) -> Self {
        Self { told: Some(told), deadline: None }
    }

    /// Tells whether somebody waits for the end.
    pub(super) fn is_near(&mut self) -> bool {
        let told = self.told.as_mut().and_then(|told| told.try_recv().ok()).flatten();
        if let Some(deadline) = told {
            self.set(deadline);
        }
        self.deadline.is_some()
    }

    /// Tells whether there is no more time.
    pub(super) fn has_passed(&mut self) -> bool {
        self.is_near() && self.deadline.is_some_and(Deadline::has_passed)
    }

    /// Returns how much time is left; `None` for as much as one likes.
    pub(super) fn left(&mut self) -> Option<Duration> {
        if self.is_near() { self.deadline.and_then(Deadline::left) } else { None }
    }

    /// Runs a future to its end, or until there is no more time.
    pub(super) async fn unless_passed<F: Future>(&mut self, future: F) -> Option<F::Output> {
        tokio::pin!(future);
        loop {
            match self.left() {
                Some(left) => return tokio::time::timeout(left, future).await.ok(),
                None if self.deadline.is_some() => return Some(future.await),
                None => tokio::select! {
                    output = &mut future => return Some(output),
                    () = self.told() => {}
                },
            }
        }
    }

    /// Waits, but not past the moment in which somebody begins to wait for the end.
    pub(super) async fn pause(&mut self, time: Duration) {
        if self.is_near() {
            let time = self.left().map_or(time, |left| left.min(time));
            return tokio::time::sleep(time).await;
        }
        let _ = tokio::time::timeout(time, self.told()).await;
    }

    /// Returns when the deadline is known; never where nobody will say.
    async fn told(&mut self) {
        let deadline = match &mut self.told {
            Some(told) => told.await.ok(),
            None => None,
        };
        match deadline {
            Some(deadline) => self.set(deadline),
            None => {
                self.told = None;
                std::future::pending().await
            }
        }
    }

    fn set(&mut self, deadline: Deadline) {
        self.told = None;
        let early = deadline.left().map(|left| left - (left / 10).min(MARGIN_MAX));
        self.deadline = Some(Deadline::after(early.unwrap_or(Duration::MAX)));
    }
}
