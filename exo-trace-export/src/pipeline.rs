//! The drain, its destinations and who turns it, from `init` to `shutdown`: one a process.

use crate::assemble::Assembler;
use crate::config::{Resolved, TraceBackend};
use crate::content::Contents;
use crate::counts::{Account, Accounts};
use crate::deadline::Deadline;
use crate::delivery::Delivery;
use crate::destinations::{self, StartError};
use crate::dialect::Vocabulary;
use crate::drain::Drain;
use crate::ended::{Ended, Turn};
use crate::exporter::{Console, Memory};
use crate::figures;
use crate::front::Shared;
use crate::inside;
use crate::losses::Losses;
use crate::measure::{Measure, Measures};
use crate::metrics::Reporting;
use crate::note::note;
use crate::prices::{Book, CostReport, Ledger};
use crate::prompt_prices;
use crate::reading::Reading;
use crate::resource::Resource;
use crate::self_metrics::{DestinationSnapshot, Snapshot};
use crate::served::Served;
use crate::statistics::Statistics;
use crate::sums::Sums;
use crate::turned::Turned;
use exo_trace_std::{HostClock, Redactor, State};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

/// How long the last metrics may take where nobody is in a hurry.
const LAST_METRICS_MAX: Duration = Duration::from_secs(60);

/// A running drain.
pub(crate) struct Pipeline {
    shared: Arc<Shared>,
    memory: Option<Memory>,
    /// Where figures are printed in the end.
    figures: Option<Console>,
    process: u32,
    before: Losses,
    turned: Turned,
    ended: Ended,
    /// A shutdown has ended: what still waits is given up, unless it leaves after all.
    is_over: AtomicBool,
    metrics: Arc<Reporting>,
    /// What was spent.
    book: Arc<Mutex<Book>>,
    prices_said: String,
}

impl Pipeline {
    pub(crate) fn start(
        resolved: Resolved,
        reading: Reading,
        before: Losses,
    ) -> Result<Arc<Self>, StartError> {
        HostClock::start();
        resolved.settings.apply();
        resolved.propagation.apply();
        if resolved.panic_messages {
            exo_trace_std::note_panics();
        }
        let memory = resolved
            .backends
            .contains(&TraceBackend::Memory)
            .then(|| Memory::new(resolved.memory_spans_max));
        let has_console = resolved.backends.contains(&TraceBackend::Console);
        let figures = Some(resolved.console.clone());
        let figures = figures.filter(|console| has_console && console.wants_figures());
        let resource = Arc::new(Resource::new(resolved.resource.clone()));
        let served =
            if resolved.has_threads { Served::ByThreads } else { Served::ByHand(Arc::default()) };
        let exporters = destinations::start(&resolved, &resource, memory.as_ref(), &served)?;
        let watched = Arc::new(OnceLock::<Weak<Self>>::new());
        let metrics = Reporting::start(&resolved, &resource, snapshots(Arc::clone(&watched)));
        let span_metrics = metrics.span_metrics(&resolved);
        let sums = match (&resolved.prices, &span_metrics) {
            (Some(_), _) => Some(Sums::Runs),
            (None, Some(_)) => Some(Sums::Agents),
            (None, None) => None,
        };
        let span_metrics = span_metrics.map(|metrics| Box::new(metrics) as Box<dyn Measure>);
        let shared = Arc::<Shared>::default();
        let vocabulary = Vocabulary::new(resolved.dialects, &resolved.namespace);
        let vocabulary = Arc::new(vocabulary.with_code_of(resolved.code_attributes));
        let mut assembler = Assembler::new(resolved.limits, resource, vocabulary);
        Redactor::apply(resolved.editor.redactor.clone());
        let content_bytes_max = resolved.settings.content_queue_bytes_max;
        assembler.contents = Contents::new(resolved.editor, content_bytes_max);
        let measures = Measures::from(span_metrics.into_iter().collect::<Vec<_>>());
        let book = Arc::<Mutex<Book>>::default();
        prompt_prices::leave(resolved.prices.as_ref());
        let ledger = resolved.prices.map(|tariff| Ledger::new(tariff, Arc::clone(&book)));
        let assembler = assembler.with_totals(sums);
        let drain = Drain::new(Arc::clone(&shared), reading, assembler, measures, exporters);
        let drain = drain.with_ledger(ledger);
        let turned =
            Turned::start(drain.with_consumers(served.clone()), Arc::clone(&shared), &served)
                .map_err(StartError::Thread)?;
        let pipeline = Arc::new(Self {
            shared,
            memory,
            figures,
            process: exo_trace_std::process_id(),
            before,
            turned,
            ended: Ended::default(),
            is_over: AtomicBool::new(false),
            metrics,
            book,
            prices_said: resolved.prices_said,
        });
        watched.get_or_init(|| Arc::downgrade(&pipeline));
        Ok(pipeline)
    }

    /// Reads all counters.
    fn snapshot(&self) -> Snapshot {
        let tally = self.shared.tally();
        Snapshot {
            spans: tally.spans,
            losses: self.losses(),
            drain_busy: tally.busy,
            destinations: DestinationSnapshot::of_all(&self.shared.counts()),
        }
    }

    pub(crate) fn memory(&self) -> Option<&Memory> {
        self.memory.as_ref()
    }

    pub(crate) fn is_by_hand(&self) -> bool {
        self.turned.is_by_hand()
    }

    pub(crate) fn is_running(&self) -> bool {
        self.ended.delivery().is_none()
    }

    pub(crate) fn statistics(&self) -> Statistics {
        self.statistics_of(self.losses())
    }

    fn statistics_of(&self, lost: Losses) -> Statistics {
        let statistics = Statistics::of(&self.shared.tally(), lost);
        let prices = self.prices_said.clone();
        Statistics { unsummed: self.metrics.unsummed(), prices, ..statistics }
    }

    pub(crate) fn cost(&self) -> CostReport {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).report()
    }

    /// Tells whether this is the process it was started in. In a forked child nobody works on it, and
    /// whoever held one of its locks is not there to give it back.
    pub(crate) fn is_ours(&self) -> bool {
        self.process == exo_trace_std::process_id()
    }

    pub(crate) fn losses(&self) -> Losses {
        self.losses_of(&self.accounts())
    }

    fn accounts(&self) -> Accounts {
        Accounts::of(self.shared.tally_and_counts())
    }

    fn losses_of(&self, accounts: &Accounts) -> Losses {
        let of = |count: fn(&Account) -> u64| accounts.sum(count);
        let tally = &accounts.tally;
        // Relaxed: as where it is stored.
        let given_up = if self.is_over.load(Relaxed) { of(|account| account.queued) } else { 0 };
        Losses {
            queue_full: tally.gone_refused + of(|account| account.refused),
            export_failed: tally.gone_failed + of(|account| account.failed),
            rejected: of(|account| account.rejected),
            too_long: of(|account| account.too_long),
            abandoned: of(|account| account.abandoned) + given_up,
            inherited: of(|account| account.inherited),
            left_behind: tally.left_behind + self.turned.unread(),
            ..Losses::of_call_sites().since(self.before).with(tally)
        }
    }

    /// Delivers what was recorded before the call, or says how far it came by `deadline`.
    pub(crate) fn flush(&self, deadline: Duration) -> Delivery {
        self.unless_ended("a flush from inside a consumer or exporter", || {
            let until = Deadline::after(deadline);
            let is_done = self.turned.flush(until);
            if is_done {
                self.metrics.flush(until.left().unwrap_or(LAST_METRICS_MAX));
            }
            self.delivery(!is_done)
        })
    }

    /// Delivers what stands in the rings now, or says how far it came by `deadline`.
    pub(crate) fn drain_now(&self, deadline: Duration) -> Delivery {
        self.unless_ended("a drain from inside a consumer or exporter", || {
            let is_done = self.turned.turn(Deadline::after(deadline));
            self.delivery(!is_done)
        })
    }

    /// Does what a running pipeline of this process can do.
    fn unless_ended(&self, what: &str, work: impl FnOnce() -> Delivery) -> Delivery {
        // First of all: a shutdown under way holds what comes next, and may wait for this caller.
        if inside::is_inside() {
            note(format_args!("{what} would wait for itself"));
            return self.delivery(true);
        }
        if !self.is_ours() {
            return Delivery::of_another_process();
        }
        self.ended.delivery().unwrap_or_else(work)
    }

    /// Stops recording, delivers what there is, and ends the threads, all by `deadline`.
    pub(crate) fn shutdown(&self, deadline: Duration) -> Delivery {
        if inside::is_inside() {
            note("a shutdown from inside a consumer or exporter would wait for itself");
            return self.delivery(true);
        }
        if !self.is_ours() {
            return Delivery::of_another_process();
        }
        let until = Deadline::after(deadline);
        let work = match self.ended.begin(until) {
            Turn::Own(work) => work,
            Turn::Other(ended) => return ended.map_or_else(|| self.delivery(true), |ended| *ended),
        };
        if State::current() == State::On {
            State::AfterShutdown.set();
        }
        let is_done = self.turned.stop(until);
        self.metrics.shutdown(until.left().unwrap_or(LAST_METRICS_MAX));
        prompt_prices::leave(None);
        let accounts = self.accounts();
        // What waits is no longer on its way anywhere. Relaxed: who ends it is the first to ask.
        self.is_over.store(true, Relaxed);
        let delivery = Delivery { queued: 0, ..self.delivery_of(&accounts, !is_done) };
        if let Some(console) = self.figures.clone() {
            let statistics = self.statistics_of(delivery.lost);
            figures::print(console, statistics, until, self.turned.is_by_hand());
        }
        work.done(delivery.clone());
        if !delivery.lost.is_none() {
            note(delivery.lost);
        }
        delivery
    }

    pub(crate) fn delivery(&self, is_cut_short: bool) -> Delivery {
        self.delivery_of(&self.accounts(), is_cut_short)
    }

    fn delivery_of(&self, accounts: &Accounts, is_cut_short: bool) -> Delivery {
        let Accounts { tally, of_each } = accounts;
        let most = |count: fn(&Account) -> u64| of_each.iter().map(|(_, of)| count(of)).max();
        let delivered = of_each.iter().filter_map(|(counts, of)| counts.taken(of)).min();
        Delivery {
            delivered: delivered.unwrap_or(tally.spans),
            queued: most(|account| account.queued).unwrap_or_default(),
            spooled: most(|account| account.spooled).unwrap_or_default(),
            lost: self.losses_of(accounts),
            trouble: of_each.iter().find_map(|(counts, _)| counts.trouble()),
            is_cut_short,
        }
    }
}

/// Returns what reads all counters of a pipeline once that is there.
fn snapshots(watched: Arc<OnceLock<Weak<Pipeline>>>) -> impl Fn() -> Snapshot {
    move || {
        let pipeline = watched.get().and_then(Weak::upgrade);
        pipeline.map(|pipeline| pipeline.snapshot()).unwrap_or_default()
    }
}

/// The pipeline is the process's: one test at a time.
#[cfg(test)]
pub(crate) fn alone() -> std::sync::MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TraceConfig;
    use crate::front::Command;
    use crate::running::start;
    use crate::{ExportError, SpanData, SpanExporter};
    use exo_trace_std::{registry, span_sync};
    use std::sync::mpsc::{Receiver, Sender, channel};

    const DEADLINE: Duration = Duration::from_secs(60);

    #[test]
    fn what_a_drain_that_died_did_not_read_is_counted_and_nothing_is_complete() {
        let _alone = alone();
        let resolved = TraceConfig::new("test").resolve(&|_| None).ok().unwrap();
        let pipeline = start(Resolved { backends: Vec::new(), ..resolved }).ok().unwrap();
        pipeline.shared.send(Command::Flush { done: Box::new(|| panic!("inside the drain")) });
        registry::wake_drain();
        pipeline.turned.wait_for_its_death();
        (0..7).for_each(|_| drop(span_sync!("nobody reads it")));
        assert!(!pipeline.flush(DEADLINE).is_complete());
        let delivery = pipeline.shutdown(DEADLINE);
        assert!(!delivery.is_complete(), "{delivery}");
        assert_eq!((delivery.delivered, delivery.lost.left_behind), (0, 7), "{delivery}");

        let resolved = TraceConfig::new("next").resolve(&|_| None).ok().unwrap();
        let next = start(Resolved { backends: Vec::new(), ..resolved }).ok().unwrap();
        drop(span_sync!("read again"));
        let delivery = next.shutdown(DEADLINE);
        assert!(delivery.is_complete(), "what was counted once is not counted again: {delivery}");
        assert_eq!(delivery.delivered, 1);
    }

    /// Says when it has spans, and keeps them until it is let go.
    struct Stuck(Sender<usize>, Receiver<()>);

    impl SpanExporter for Stuck {
        fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
            self.0.send(spans.len()).map_err(ExportError::new)?;
            self.1.recv().map_err(ExportError::new)
        }
    }

    #[test]
    fn what_two_destinations_have_not_done_at_the_end_is_given_up_in_both() {
        let _alone = alone();
        let stuck = || {
            let ((said, has), (go, may_go)) = (channel(), channel());
            (Stuck(said, may_go), has, go)
        };
        let ((first, first_has, go_first), (second, second_has, go_second)) = (stuck(), stuck());
        let config = TraceConfig::new("test").exporter(first).exporter(second);
        let resolved = config.resolve(&|_| None).ok().unwrap();
        let pipeline = start(Resolved { backends: Vec::new(), ..resolved }).ok().unwrap();
        drop(span_sync!("on its way for ever"));
        assert_eq!([first_has.recv(), second_has.recv()], [Ok(1), Ok(1)]);
        let delivery = pipeline.shutdown(Duration::ZERO);
        assert_eq!((delivery.delivered, delivery.queued), (0, 0), "{delivery}");
        assert_eq!(delivery.lost.abandoned, 2, "{delivery}");
        assert_eq!(pipeline.losses().abandoned, 2, "whoever asks later is told the same");
        drop((go_first, go_second));
        while pipeline.losses().export_failed < 2 {
            std::thread::yield_now();
        }
        assert_eq!(pipeline.losses().abandoned, 0, "what failed after all is counted once");
    }
}
