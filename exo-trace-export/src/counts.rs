//! What became of the spans of one destination: every span that was queued is in one of these.

use crate::sink::Sink;
use crate::statistics::Tally;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What became of spans that were handed over, or of some that were handed over before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Toll {
    /// Lost to a failure.
    pub(crate) failed: u64,
    /// Rejected by the collector, which took the others.
    pub(crate) rejected: u64,
    /// Too long for any request.
    pub(crate) too_long: u64,
    /// Given up because the end had come.
    pub(crate) abandoned: u64,
    /// Put on disk, for later.
    pub(crate) spooled: u64,
    /// Taken from disk again, and delivered unless they are among the lost.
    pub(crate) unspooled: u64,
    /// Of an earlier process, and lost when they left its spool.
    pub(crate) inherited: u64,
}

impl Toll {
    /// Returns the loss of so many spans to a failure.
    pub(crate) fn failed(failed: u64) -> Self {
        Self { failed, ..Self::default() }
    }

    /// Returns both together.
    #[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "only collectors add them up"))]
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            failed: self.failed + other.failed,
            rejected: self.rejected + other.rejected,
            too_long: self.too_long + other.too_long,
            abandoned: self.abandoned + other.abandoned,
            spooled: self.spooled + other.spooled,
            unspooled: self.unspooled + other.unspooled,
            inherited: self.inherited + other.inherited,
        }
    }

    fn lost(&self) -> u64 {
        self.failed + self.rejected + self.too_long + self.abandoned
    }
}

/// The spans of one destination, by what became of them. While they go from one count to another
/// nobody can look, so that whoever does finds each in one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) delivered: u64,
    pub(crate) failed: u64,
    pub(crate) rejected: u64,
    pub(crate) too_long: u64,
    pub(crate) abandoned: u64,
    /// Found the queue full.
    pub(crate) refused: u64,
    /// Wait, or are being delivered.
    pub(crate) queued: u64,
    /// On disk now.
    pub(crate) spooled: u64,
    /// Lost of what an earlier process had left on disk; they were never queued here.
    pub(crate) inherited: u64,
}

impl Account {
    /// Counts spans that were handed over just now, of which, or of those before, some are lost.
    fn handed_over(&mut self, spans: u64, toll: Toll) {
        self.queued = self.queued.saturating_sub(spans);
        let taken = (self.delivered + spans + toll.unspooled).saturating_sub(toll.spooled);
        // An exporter may claim to have lost more than it ever had.
        let lost = toll.lost().min(taken);
        self.failed += lost.saturating_sub(toll.lost() - toll.failed);
        self.rejected += toll.rejected;
        self.too_long += toll.too_long;
        self.abandoned += toll.abandoned;
        self.inherited += toll.inherited;
        self.spooled = (self.spooled + toll.spooled).saturating_sub(toll.unspooled);
        self.delivered = taken - lost;
    }
}

/// What is known of one destination.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// What kind of destination it is.
    pub(crate) component: &'static str,
    /// Tells it from all others of this run for good; see [`Destination::is_number`](crate::destination::Destination::is_number).
    pub(crate) number: AtomicU32,
    /// How many spans may wait, where that is bounded.
    pub(crate) queue_spans_max: Option<u64>,
    account: Mutex<Account>,
    /// Spans that were not meant for it: it came later.
    missed: u64,
    is_leaving: AtomicBool,
    /// Why it last did not take spans.
    trouble: Mutex<Option<String>>,
}

impl Counts {
    /// Returns the counts of a destination that `missed` so many.
    pub(crate) fn of(sink: &impl Sink, missed: u64) -> Self {
        let queue_spans_max = sink.appetite().queue_spans_max;
        Self {
            component: sink.component(),
            queue_spans_max: (queue_spans_max < usize::MAX).then_some(queue_spans_max as u64),
            missed,
            ..Self::default()
        }
    }

    /// Returns what became of all spans so far, as of one moment.
    pub(crate) fn account(&self) -> Account {
        *self.lock()
    }

    /// Returns how many spans are done with as far as it is concerned; `None` when it is leaving.
    pub(crate) fn taken(&self, account: &Account) -> Option<u64> {
        // Relaxed: who is about to leave may still be counted.
        (!self.is_leaving.load(Relaxed)).then_some(self.missed + account.delivered)
    }

    /// Others go on without it.
    pub(crate) fn leave(&self) {
        // Relaxed: as where it is loaded.
        self.is_leaving.store(true, Relaxed);
    }

    /// Returns why spans were last not taken, unless some have been since.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes down why spans are not taken.
    pub(crate) fn note_trouble(&self, trouble: Option<&str>) {
        let mut noted = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.as_deref() != trouble {
            *noted = trouble.map(str::to_owned);
        }
    }

    /// Counts spans that were queued.
    pub(crate) fn queued(&self, spans: u64) {
        self.lock().queued += spans;
    }

    /// Counts spans that found the queue full.
    pub(crate) fn refused(&self, spans: u64) {
        self.lock().refused += spans;
    }

    /// Counts spans for which nobody works any more.
    pub(crate) fn failed(&self, spans: u64) {
        self.lock().failed += spans;
    }

    /// Counts all that are queued as failed: nobody works on them any more.
    pub(crate) fn give_up_queued(&self) {
        let mut account = self.lock();
        account.failed += mem::take(&mut account.queued);
    }

    /// Counts queued spans that were handed over just now, of which, or of those before, some are lost.
    pub(crate) fn handed_over(&self, spans: u64, toll: Toll) {
        self.lock().handed_over(spans, toll);
    }

    fn lock(&self) -> MutexGuard<'_, Account> {
        // Nothing panics between two counts.
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was counted, in the drain and in its destinations.
pub(crate) struct Accounts {
    pub(crate) tally: Tally,
    pub(crate) of_each: Vec<(Arc<Counts>, Account)>,
}

impl Accounts {
    /// Returns the accounts of these destinations, each as of one moment.
    pub(crate) fn of((tally, counts): (Tally, Vec<Arc<Counts>>)) -> Self {
        let with_account = |counts: Arc<Counts>| {
            let account = counts.account();
            (counts, account)
        };
        Self { tally, of_each: counts.into_iter().map(with_account).collect() }
    }

    /// Returns one count, added up over all.
    pub(crate) fn sum(&self, count: fn(&Account) -> u64) -> u64 {
        self.of_each.iter().map(|(_, account)| count(account)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(account: &Account) -> [u64; 6] {
        let Account { delivered, failed, rejected, too_long, abandoned, spooled, .. } = *account;
        [delivered, failed, rejected, too_long, abandoned, spooled]
    }

    #[test]
    fn every_span_is_in_one_count() {
        let mut account = Account { queued: 107, ..Account::default() };
        let toll = Toll { failed: 1, rejected: 2, too_long: 3, abandoned: 4, ..Toll::default() };
        account.handed_over(100, Toll { spooled: 30, ..toll });
        assert_eq!((counted(&account), account.queued), ([60, 1, 2, 3, 4, 30], 7));
        account.handed_over(0, Toll { unspooled: 20, rejected: 5, ..Toll::default() });
        assert_eq!((counted(&account), account.queued), ([75, 1, 7, 3, 4, 10], 7));
    }

    #[test]
    fn what_others_left_on_disk_is_in_no_sum_of_this_process() {
        let mut account = Account::default();
        account.handed_over(10, Toll { inherited: 99, rejected: 1, ..Toll::default() });
        assert_eq!(counted(&account), [9, 0, 1, 0, 0, 0]);
        assert_eq!(account.inherited, 99);
    }

    #[test]
    fn nobody_loses_more_than_there_was() {
        let mut account = Account::default();
        account.handed_over(10, Toll::failed(99));
        assert_eq!(counted(&account), [0, 10, 0, 0, 0, 0]);
    }
}
