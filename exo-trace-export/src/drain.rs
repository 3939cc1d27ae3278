//! What empties the rings: one thread, paced by time, woken early only when a ring is half full.
//!
//! It runs every 5 ms under load and doubles its sleep to a second when nothing comes; without it, the
//! program turns the drain by hand. Each pass
//! visits every lane, joins facts to spans, and hands whole spans to the destinations, which have
//! threads and queues of their own, so that nothing they do holds a ring up.

use crate::assemble::Assembler;
use crate::batch::Batch;
use crate::capture;
use crate::caught::caught;
use crate::consumer;
use crate::countdown::Countdown;
use crate::deadline::Deadline;
use crate::destination::Destination;
use crate::feeds::{self, Feeds};
use crate::front::{Command, Open, Shared};
use crate::inherited::Inherited;
use crate::measure::Measures;
use crate::note::note;
use crate::prices::Ledger;
use crate::reading::Reading;
use crate::running;
use crate::served::Served;
use crate::share;
use crate::statistics::Tally;
use crate::sums::PASSES_MAX;
use crate::timeline::Timeline;
use exo_trace_core::{Clock, Record};
use exo_trace_std::{HostClock, Lane, registry};
use std::sync::Arc;
use std::time::Duration;
use web_time::Instant;

const SLEEP_MIN: Duration = Duration::from_millis(5);
const SLEEP_MAX: Duration = Duration::from_secs(1);
/// How many spans go into one batch.
pub(crate) const BATCH_SPANS_MAX: usize = 8_192;

pub(crate) struct Drain {
    shared: Arc<Shared>,
    open: Open,
    reading: Reading,
    pub(crate) assembler: Assembler,
    ledger: Option<Ledger>,
    timeline: Timeline,
    measures: Measures,
    lanes: Vec<&'static Lane>,
    inherited: Inherited,
    feeds: Feeds,
    served: Served,
    exporters: Vec<Destination>,
    consumers: Vec<Destination>,
    /// Consumers that were taken out and still have spans to look at.
    leaving: Vec<Destination>,
    consumers_seen: Option<u64>,
    /// The number of the next destination.
    numbered: u32,
    dispatched: u64,
    pub(crate) words: Box<[u64]>,
    pub(crate) tally: Tally,
}

impl Drain {
    /// Returns a drain that begins after what the rings hold now; that is counted as left behind.
    pub(crate) fn new(
        shared: Arc<Shared>,
        reading: Reading,
        assembler: Assembler,
        measures: Measures,
        exporters: Vec<Destination>,
    ) -> Self {
        shared.commands.open();
        shared.show_counts(exporters.iter().map(Destination::counts).collect());
        let lanes = registry::snapshot();
        let left_behind: u64 = lanes.iter().map(|lane| lane.reader().skip() as u64).sum();
        let mut tally = Tally::default();
        tally.left_behind = left_behind + feeds::leave_behind();
        Self {
            open: Open(Arc::clone(&shared)),
            reading,
            shared,
            assembler,
            ledger: None,
            timeline: Timeline::start(),
            measures,
            lanes,
            inherited: Inherited::by_this_process(),
            numbered: exporters.len() as u32,
            feeds: Feeds::default(),
            served: Served::ByThreads,
            exporters,
            consumers: Vec::new(),
            leaving: Vec::new(),
            consumers_seen: None,
            dispatched: 0,
            words: vec![0; share::WORDS_MAX].into_boxed_slice(),
            tally,
        }
    }

    /// Adds to every span what it costs.
    pub(crate) fn with_ledger(self, ledger: Option<Ledger>) -> Self {
        Self { ledger, ..self }
    }

    /// Says who does the work of the consumers that it meets.
    pub(crate) fn with_consumers(self, served: Served) -> Self {
        Self { served, ..self }
    }

    /// Empties the rings once more where nobody else does, and lets every destination do its work.
    pub(crate) fn turn(&mut self) {
        // One pass to the positions of now, one to release what it held.
        self.timed_pass();
        if self.is_holding() {
            self.timed_pass();
        }
        self.destinations().for_each(Destination::work);
    }

    /// Runs until it is told to stop.
    ///
    /// Returns whether every destination had finished by then.
    pub(crate) fn run(mut self) -> bool {
        let mut sleep = SLEEP_MIN;
        loop {
            let is_busy = self.timed_pass() || self.is_holding();
            for command in self.shared.commands.take() {
                match command {
                    Command::Flush { done } => self.flush(done),
                    Command::Stop { deadline } => return self.stop(deadline),
                }
            }
            sleep = if is_busy { SLEEP_MIN } else { (sleep * 2).min(SLEEP_MAX) };
            if sleep > SLEEP_MIN {
                // What was published grows old.
                HostClock::publish(None);
            }
            std::thread::park_timeout(sleep);
        }
    }

    fn timed_pass(&mut self) -> bool {
        let start = Instant::now();
        let before = self.tally.records;
        self.pass();
        let is_busy = self.tally.records > before;
        if is_busy {
            self.tally.busy += start.elapsed();
        }
        self.shared.show(&mut self.tally);
        is_busy
    }

    /// Visits every lane once.
    fn pass(&mut self) {
        let ticks = HostClock.ticks();
        HostClock::publish(Some(ticks));
        self.assembler.begin_pass(ticks);
        // Those of spans that are still open come without any record.
        self.assembler.contents.absorb(&mut self.tally);
        registry::refresh(&mut self.lanes);
        for place in 0..self.lanes.len() {
            if let Some(&lane) = self.lanes.get(place) {
                self.empty(lane);
            }
        }
        while !self.assembler.end_pass(&self.timeline, &mut self.tally, BATCH_SPANS_MAX) {
            self.dispatch();
        }
        self.dispatch();
        let mut feeds = std::mem::take(&mut self.feeds);
        feeds.pass(self);
        self.feeds = feeds;
    }

    /// Tells whether a span waits for the next pass.
    fn is_holding(&self) -> bool {
        self.assembler.is_holding() || self.feeds.is_holding()
    }

    fn empty(&mut self, lane: &'static Lane) {
        let words = share::of_ring(lane.ring().capacity());
        lane.empty(|reader| {
            let taken = lane.ring().taken();
            let seen = self.tally.records;
            let read = reader.read(self.words.get_mut(..words).unwrap_or_default());
            // After the reading and before any conversion, so that nothing is extrapolated.
            self.timeline.anchor();
            self.assembler.contents.absorb(&mut self.tally);
            let mut rest = self.words.get(..read).unwrap_or_default();
            while let Some(&header) = rest.first() {
                let (record, after) = rest.split_at(Record::words(header).min(rest.len()));
                if !self.inherited.has(record) {
                    self.assembler.take(record, &self.timeline, &mut self.tally);
                }
                self.tally.records += 1;
                rest = after;
            }
            // What was taken out and is not here was too damaged or too long to be copied.
            let taken = lane.ring().taken().wrapping_sub(taken) as u64;
            self.tally.undecodable += taken.saturating_sub(self.tally.records - seen);
            if self.assembler.len() >= BATCH_SPANS_MAX || self.assembler.contents.fill_a_batch() {
                self.dispatch();
            }
            read > 0
        });
    }

    /// Shows the whole spans to everything that measures, and hands those of sampled traces to
    /// everybody who wants them.
    fn dispatch(&mut self) {
        if let Some(consumers) = consumer::changes_since(&mut self.consumers_seen) {
            self.meet(consumers);
        }
        self.part();
        if self.assembler.len() == 0 {
            return;
        }
        self.assembler.contents.begin_batch();
        let (mut unsampled, mut batch) = (self.assembler.unsampled(), self.assembler.batch());
        if let Some(ledger) = &mut self.ledger {
            ledger.settle(&mut unsampled);
            ledger.settle(&mut batch);
        }
        self.measures.measure(&unsampled);
        self.measures.measure(&batch);
        self.send(batch);
    }

    /// Hands a batch to everybody who wants spans.
    pub(crate) fn send(&mut self, batch: Batch) {
        if batch.len() == 0 {
            return;
        }
        let batch = Arc::new(batch);
        self.dispatched += batch.len() as u64;
        capture::offer(&batch);
        for destination in self.exporters.iter().chain(&self.consumers) {
            destination.send(&batch);
        }
    }

    /// Starts threads for consumers that are new; those that are gone finish what they have.
    fn meet(&mut self, wanted: Vec<Arc<dyn consumer::SpanConsumer>>) {
        let mut known = std::mem::take(&mut self.consumers);
        for consumer in wanted {
            if let Some(place) = known.iter().position(|known| known.is_of(&consumer)) {
                self.consumers.push(known.swap_remove(place));
                continue;
            }
            // Without a thread it may die here, where its destructor must not harm anybody else.
            match caught(|| Destination::start_consumer(consumer, self.dispatched, &self.served)) {
                Some(Ok(destination)) => {
                    destination.is_number(self.numbered);
                    self.numbered += 1;
                    self.consumers.push(destination);
                }
                Some(Err(error)) => note(format_args!("a consumer got no thread: {error}")),
                None => note("a consumer got no thread, and panicked when it was dropped"),
            }
        }
        known.iter().for_each(Destination::leave);
        self.leaving.extend(known);
        self.show_counts();
    }

    /// Every destination that may still hold spans.
    fn destinations(&self) -> impl Iterator<Item = &Destination> {
        self.exporters.iter().chain(&self.consumers).chain(&self.leaving)
    }

    fn show_counts(&self) {
        self.shared.show_counts(self.destinations().map(Destination::counts).collect());
    }

    /// Lets go of consumers that have finished; what they lost stays counted.
    fn part(&mut self) {
        let (gone, leaving) = std::mem::take(&mut self.leaving)
            .into_iter()
            .partition::<Vec<_>, _>(Destination::has_finished);
        self.leaving = leaving;
        if gone.is_empty() {
            return;
        }
        for account in gone.iter().map(|gone| gone.counts().account()) {
            self.tally.gone_refused += account.refused;
            self.tally.gone_failed += account.failed;
        }
        let counts = self.destinations().map(Destination::counts).collect();
        self.shared.show_with_counts(&mut self.tally, counts);
    }

    pub(crate) fn flush(&mut self, done: Box<dyn FnOnce() + Send>) {
        // One pass to the positions of now, one to release what was held; see `Assembler`.
        self.timed_pass();
        self.timed_pass();
        // More for a sum that ended after them by its clock; what came meanwhile may stay.
        for passes in 0..PASSES_MAX {
            if !self.assembler.holds_total_for(passes) {
                break;
            }
            self.timed_pass();
        }
        // One more than there are, so that it is called where there is none.
        let countdown = Arc::new(Countdown::new(self.destinations().count() + 1, done));
        for destination in self.destinations() {
            let countdown = Arc::clone(&countdown);
            destination.flush(move || countdown.one_done());
        }
        countdown.one_done();
    }

    pub(crate) fn stop(mut self, deadline: Deadline) -> bool {
        self.timed_pass();
        self.timed_pass();
        // A thread that was just ending a span when recording stopped; no other begins one.
        while self.is_holding() {
            self.timed_pass();
        }
        self.tally.facts_evicted += self.assembler.forget() + self.feeds.forget();
        self.ledger.iter_mut().for_each(Ledger::end);
        self.measures.end();
        let mut contents = std::mem::take(&mut self.assembler.contents);
        self.tally.contents_evicted += contents.forget();
        self.shared.show(&mut self.tally);
        let Self {
            exporters, consumers, leaving, reading, open, shared, mut tally, mut lanes, ..
        } = self;
        drop(reading);
        let all = || exporters.iter().chain(&consumers).chain(&leaving);
        // All at once, so that one that does not finish costs the others nothing.
        all().for_each(|destination| destination.finish(deadline));
        all().for_each(|destination| destination.wait(deadline));
        // A thread may have seen recording on, and written after the last pass. Who waits for the
        // end does so until the deadline; after it a next `init` may be reading, and counts that.
        if !deadline.has_passed()
            && let Some(_reading) = running::begin_reading()
        {
            registry::refresh(&mut lanes);
            tally.left_behind += lanes.iter().map(|lane| lane.reader().skip() as u64).sum::<u64>();
            tally.left_behind += feeds::leave_behind();
            tally.contents_evicted += contents.forget();
            shared.show(&mut tally);
        }
        drop(open);
        all().all(Destination::has_finished)
    }
}

#[cfg(test)]
mod parting;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;
    use crate::pipeline::alone;
    use crate::sums::Sums;

    #[test]
    fn a_flush_waits_for_a_root_whose_clock_runs_ahead() {
        let _alone = alone();
        HostClock::start();
        let limits = Limits { attribute_count_max: 9, event_count_max: 9, link_count_max: 9 };
        let assembler = Assembler::new(limits, Arc::default(), Arc::default());
        let assembler = assembler.with_totals(Some(Sums::Runs));
        let (reading, measures) = (running::begin_reading().unwrap(), Measures::from(Vec::new()));
        let mut drain = Drain::new(Arc::default(), reading, assembler, measures, Vec::new());
        let root = [1 | 7 << 32, 10, u64::MAX, 1, 0, 0, 1];
        drain.assembler.take(&root, &drain.timeline, &mut drain.tally);
        assert!(drain.assembler.is_holding());
        let (done, is_done) = std::sync::mpsc::channel();
        drain.flush(Box::new(move || done.send(()).unwrap()));
        is_done.recv().unwrap();
        assert!(!drain.assembler.is_holding());
        assert_eq!(drain.tally.spans + drain.tally.unsampled, 1);
    }
}
