//! When everything has to be done: unknown until `shutdown` says so, from another thread.
//!
//! Where the drain is turned by hand, what is done now has to be done by the end of that call.

use crate::deadline::Deadline;
use crate::destination;
use crate::served::Patience;
use futures_channel::oneshot;
use std::sync::Arc;
use std::time::Duration;

/// How long before the deadline the exporter stops, so that its counts are in when somebody looks:
/// a tenth of the time, and no more than this.
const MARGIN_MAX: Duration = Duration::from_millis(100);

/// Waits that end when there is no more time.
pub(super) struct Ending {
    told: Option<oneshot::Receiver<Deadline>>,
    deadline: Option<Deadline>,
    call: Option<Arc<Patience>>,
}

impl Ending {
    pub(super) fn new(told: destination::Ending) -> Self {
        let destination::Ending { end, call } = told;
        Self { told: Some(end), deadline: None, call }
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
        let has_end_passed = self.is_near() && self.deadline.is_some_and(Deadline::has_passed);
        has_end_passed || self.call.as_ref().is_some_and(|call| call.until().has_passed())
    }

    /// Returns how much time is left; `None` for as much as one likes.
    pub(super) fn left(&mut self) -> Option<Duration> {
        let end = if self.is_near() { self.deadline.and_then(Deadline::left) } else { None };
        let call = self.call.as_ref().and_then(|call| call.until().left());
        [end, call].into_iter().flatten().min()
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
        let time = self.left().map_or(time, |left| left.min(time));
        if self.is_near() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    fn block_on<F: Future>(future: F) -> F::Output {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.unwrap().block_on(future)
    }

    fn told(time: Duration) -> Ending {
        let (tell, told) = oneshot::channel();
        tell.send(Deadline::after(time)).unwrap();
        told_by(told)
    }

    fn told_by(end: oneshot::Receiver<Deadline>) -> Ending {
        Ending::new(destination::Ending { end, call: None })
    }

    #[test]
    fn until_somebody_says_so_there_is_no_end() {
        let (tell, told) = oneshot::channel();
        let mut ending = told_by(told);
        assert!(!ending.is_near() && !ending.has_passed() && ending.left().is_none());
        tell.send(Deadline::after(Duration::ZERO)).unwrap();
        assert!(ending.is_near() && ending.has_passed());
        // Who could have said so is gone.
        let mut ending = told_by(oneshot::channel().1);
        assert!(!ending.is_near() && !ending.has_passed());
        assert_eq!(block_on(ending.unless_passed(ready(1))), Some(1));
    }

    #[test]
    fn it_comes_a_tenth_early_and_no_more_than_its_margin() {
        let short = told(Duration::from_millis(500)).left().unwrap();
        assert!(short <= Duration::from_millis(450), "{short:?}");
        let hour = Duration::from_hours(1);
        let long = told(hour).left().unwrap();
        assert!(long <= hour - MARGIN_MAX && long > hour - 100 * MARGIN_MAX, "{long:?}");
        let mut endless = told(Duration::MAX);
        assert!(endless.is_near() && !endless.has_passed() && endless.left().is_none());
    }

    #[test]
    fn a_call_that_drains_by_hand_ends_what_is_done_in_it_and_not_the_next() {
        let patience = Arc::<Patience>::default();
        let end = oneshot::channel().1;
        let mut ending = Ending::new(destination::Ending { end, call: Some(patience.clone()) });
        assert!(ending.has_passed() && !ending.is_near());
        assert_eq!(block_on(ending.unless_passed(pending::<()>())), None);
        block_on(ending.pause(Duration::from_hours(1)));
        patience.lasts_until(Deadline::after(Duration::from_hours(1)));
        assert!(!ending.has_passed());
        assert_eq!(block_on(ending.unless_passed(ready(1))), Some(1));
    }

    #[test]
    fn what_never_ends_ends_with_it() {
        let mut ending = told(Duration::ZERO);
        assert_eq!(block_on(ending.unless_passed(pending::<()>())), None);
        block_on(ending.pause(Duration::from_hours(1)));
        // Also when it is said while somebody waits.
        let (tell, told) = oneshot::channel();
        let mut ending = told_by(told);
        let said = async { tell.send(Deadline::after(Duration::ZERO)).unwrap() };
        let waited = async { tokio::join!(ending.pause(Duration::from_hours(1)), said) };
        block_on(waited);
        assert!(ending.has_passed());
    }
}
