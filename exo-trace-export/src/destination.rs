//! Where batches go: an exporter or a consumer on a thread of its own, behind a bounded queue.
//!
//! The queue is bounded in bytes; what finds no room is counted and gone, so that a slow destination
//! costs nobody else anything. A panic is caught and counted as a failure, also one in a destructor:
//! what takes the spans dies on its own thread. A destination that does not finish in time is left
//! to itself: its thread ends when its work does. One that holds nothing back sleeps until there is
//! work.

use crate::batch::Batch;
use crate::caught::caught;
use crate::consumer::SpanConsumer;
use crate::deadline::Deadline;
use crate::inside;
use crate::sink::Sink;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

/// How many bytes of batches may wait for one destination.
const QUEUE_BYTES_MAX: usize = 32 << 20;
/// How soon a tick comes at the earliest, however soon it is wanted.
const TICK_MIN: Duration = Duration::from_millis(5);

#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) delivered: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) queued: AtomicU64,
    /// Spans that were not meant for it: it came later.
    missed: AtomicU64,
    is_leaving: AtomicBool,
}

impl Counts {
    /// Returns how many spans are done with as far as it is concerned; `None` when it is leaving.
    pub(crate) fn taken(&self) -> Option<u64> {
        let taken = self.missed.load(Relaxed) + self.delivered.load(Relaxed);
        (!self.is_leaving.load(Relaxed)).then_some(taken)
    }

    /// Counts spans that were handed over just now, of which, or of those before, some are lost.
    fn handed_over(&self, spans: u64, lost: u64) {
        // Relaxed: only the worker counts these two, and a flush orders them for who waits for it.
        let taken = self.delivered.load(Relaxed) + spans;
        let lost = lost.min(taken);
        self.failed.fetch_add(lost, Relaxed);
        self.delivered.store(taken - lost, Relaxed);
    }
}

enum Job {
    Batch(Arc<Batch>),
    /// Says when everything before it is done.
    Flush(Box<dyn FnOnce() + Send>),
    /// There was nothing to do for as long as it wanted to wait.
    Tick,
    /// There is nothing left to do, and nothing will come.
    Finish,
}

#[derive(Default)]
struct Queue {
    jobs: Mutex<Jobs>,
    wake: Condvar,
}

#[derive(Default)]
struct Jobs {
    waiting: VecDeque<Job>,
    bytes: usize,
    is_finishing: bool,
    has_finished: bool,
}

pub(crate) struct Destination {
    queue: Arc<Queue>,
    counts: Arc<Counts>,
    thread: JoinHandle<()>,
    /// Only to know it by: were it held here, it could die on the drain's thread.
    consumer: Option<Weak<dyn SpanConsumer>>,
}

impl Destination {
    /// Starts a thread for what takes the spans; `missed` came before it.
    pub(crate) fn start(sink: Sink, missed: u64) -> std::io::Result<Self> {
        let queue = Arc::<Queue>::default();
        let counts = Arc::new(Counts { missed: missed.into(), ..Counts::default() });
        let consumer = match &sink {
            Sink::Consumer(consumer) => Some(Arc::downgrade(consumer)),
            Sink::Exporter(_) | Sink::Shared(_) => None,
        };
        let open = Open { queue: Arc::clone(&queue), counts: Arc::clone(&counts) };
        let worker = Worker { open, sink };
        let thread = std::thread::Builder::new()
            .name("exo-trace-out".to_owned())
            .spawn(move || inside::run(|| worker.run()))?;
        Ok(Self { queue, counts, thread, consumer })
    }

    pub(crate) fn counts(&self) -> Arc<Counts> {
        Arc::clone(&self.counts)
    }

    /// Queues a batch, or counts its spans as refused, or as failed where nobody works any more.
    pub(crate) fn send(&self, batch: &Arc<Batch>) {
        let spans = batch.len() as u64;
        let mut jobs = self.queue.lock();
        if jobs.has_finished {
            self.counts.failed.fetch_add(spans, Relaxed);
            return;
        }
        if jobs.bytes > 0 && jobs.bytes + batch.bytes() > QUEUE_BYTES_MAX {
            self.counts.refused.fetch_add(spans, Relaxed);
            return;
        }
        self.counts.queued.fetch_add(spans, Relaxed);
        jobs.bytes += batch.bytes();
        jobs.waiting.push_back(Job::Batch(Arc::clone(batch)));
        drop(jobs);
        self.queue.wake.notify_one();
    }

    /// Calls `done` when everything queued so far was delivered or counted.
    pub(crate) fn flush(&self, done: impl FnOnce() + Send + 'static) {
        let mut jobs = self.queue.lock();
        if jobs.has_finished {
            drop(jobs);
            return done();
        }
        jobs.waiting.push_back(Job::Flush(Box::new(done)));
        drop(jobs);
        self.queue.wake.notify_one();
    }

    /// Lets the thread end after what is queued.
    pub(crate) fn finish(&self) {
        self.queue.lock().is_finishing = true;
        self.queue.wake.notify_one();
    }

    /// As [`Destination::finish`], when others go on without it.
    pub(crate) fn leave(&self) {
        // Relaxed: a count, read from anywhere.
        self.counts.is_leaving.store(true, Relaxed);
        self.finish();
    }

    pub(crate) fn has_finished(&self) -> bool {
        self.queue.lock().has_finished
    }

    /// Waits until `deadline` for the thread to end; past that it is left to itself.
    pub(crate) fn wait(&self, deadline: Deadline) {
        let is_own = self.thread.thread().id() == std::thread::current().id();
        while !is_own && !self.thread.is_finished() && !deadline.has_passed() {
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }

    /// Tells whether it is this consumer that gets the spans.
    pub(crate) fn is_of(&self, consumer: &Arc<dyn SpanConsumer>) -> bool {
        // The address is not given to another while somebody, if only weakly, holds it.
        self.consumer.as_ref().is_some_and(|own| own.ptr_eq(&Arc::downgrade(consumer)))
    }
}

impl Drop for Destination {
    /// Nobody can send any more: a drain that dies leaves no thread waiting behind.
    fn drop(&mut self) {
        self.finish();
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what to do next; waits for it, or so long and no longer.
    fn next(&self, patience: Option<Duration>) -> Job {
        let jobs = self.lock();
        let is_idle = |jobs: &mut Jobs| jobs.waiting.is_empty() && !jobs.is_finishing;
        let mut jobs = match patience {
            Some(patience) => {
                let waited = self.wake.wait_timeout_while(jobs, patience.max(TICK_MIN), is_idle);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.wake.wait_while(jobs, is_idle).unwrap_or_else(PoisonError::into_inner),
        };
        match jobs.waiting.pop_front() {
            Some(job) => job,
            None if jobs.is_finishing => Job::Finish,
            None => Job::Tick,
        }
    }
}

/// Closes the queue when the work ends, however it ends: what still stands in it has failed, and
/// whoever waits for a flush is told.
struct Open {
    queue: Arc<Queue>,
    counts: Arc<Counts>,
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut jobs = self.queue.lock();
        jobs.has_finished = true;
        let left = std::mem::take(&mut jobs.waiting);
        // Under the lock, so that no batch is counted as queued after it.
        self.counts.failed.fetch_add(self.counts.queued.swap(0, Relaxed), Relaxed);
        drop(jobs);
        for job in left {
            if let Job::Flush(done) = job {
                done();
            }
        }
    }
}

struct Worker {
    open: Open,
    sink: Sink,
}

impl Worker {
    fn run(self) {
        let Self { open, mut sink } = self;
        // Should it ever panic, the sink is not to die while the thread unwinds: a second panic, in
        // its destructor, would end the process.
        let _ = caught(|| open.work(&mut sink));
        drop(open);
        // Here and nowhere else: the destructor is the program's own code.
        let _ = caught(|| drop(sink));
    }
}

impl Open {
    fn work(&self, sink: &mut Sink) {
        let Self { queue, counts } = self;
        loop {
            match queue.next(sink.next_tick()) {
                Job::Batch(batch) => {
                    let spans = batch.len() as u64;
                    counts.handed_over(spans, sink.deliver(&batch));
                    counts.queued.fetch_sub(spans, Relaxed);
                    queue.lock().bytes -= batch.bytes();
                }
                Job::Flush(done) => {
                    counts.handed_over(0, sink.ask(|exporter| exporter.flush()));
                    done();
                }
                Job::Tick => counts.handed_over(0, sink.ask(|exporter| exporter.tick())),
                Job::Finish => break,
            }
        }
        counts.handed_over(0, sink.ask(|exporter| exporter.shutdown()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Over, Whole};
    use crate::{ExportError, SpanData, SpanExporter};
    use std::sync::mpsc::{Receiver, Sender, channel};

    /// A batch of so many spans, for those who only count them.
    fn batch(spans: usize) -> Arc<Batch> {
        let whole =
            || Whole { record: 0..0, facts: 0..0, over: Over::default(), truncated: Vec::new() };
        Arc::new(Batch { spans: (0..spans).map(|_| whole()).collect(), ..Batch::default() })
    }

    fn counted(counts: &Counts) -> (u64, u64, u64) {
        let of = |count: &AtomicU64| count.load(Relaxed);
        (of(&counts.delivered), of(&counts.failed), of(&counts.queued))
    }

    fn flush(destination: &Destination) {
        let (done, is_done) = channel();
        destination.flush(move || done.send(()).unwrap());
        is_done.recv().unwrap();
    }

    /// Says when it has a batch, and keeps it until it is let go.
    struct Gate(Sender<()>, Receiver<()>);

    impl SpanExporter for Gate {
        fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
            self.0.send(()).unwrap();
            self.1.recv().unwrap();
            Ok(())
        }
    }

    #[test]
    fn a_thread_that_dies_at_its_work_counts_what_was_queued_and_lets_nobody_wait() {
        let (reached, is_reached) = channel();
        let (open, is_open) = channel();
        let gate = Sink::Exporter(Box::new(Gate(reached, is_open)));
        let destination = Destination::start(gate, 0).unwrap();
        destination.send(&batch(1));
        is_reached.recv().unwrap();
        destination.flush(|| panic!("what a worker does not expect"));
        destination.send(&batch(2));
        open.send(()).unwrap();
        flush(&destination);
        assert_eq!(counted(&destination.counts()), (1, 2, 0));
        destination.send(&batch(4));
        assert_eq!(counted(&destination.counts()), (1, 6, 0), "nobody works there any more");
    }

    /// Takes every span and loses some of them at the next flush.
    struct LosesAtFlush(Vec<ExportError>);

    impl SpanExporter for LosesAtFlush {
        fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
            Ok(())
        }

        fn flush(&mut self) -> Result<(), ExportError> {
            self.0.pop().map_or(Ok(()), Err)
        }
    }

    #[test]
    fn what_was_taken_and_lost_at_a_flush_is_not_counted_as_delivered() {
        let errors = ["all of it", "some of it", "who knows"];
        let [all, some, unknown] = errors;
        let errors = vec![
            ExportError::of_spans(all, 99),
            ExportError::of_spans(some, 3),
            ExportError::new(unknown),
        ];
        let sink = Sink::Exporter(Box::new(LosesAtFlush(errors)));
        let destination = Destination::start(sink, 0).unwrap();
        destination.send(&batch(10));
        for counts in [(9, 1, 0), (6, 4, 0), (0, 10, 0), (0, 10, 0)] {
            flush(&destination);
            assert_eq!(counted(&destination.counts()), counts);
        }
    }

    /// Wants a tick when it holds something; says when it was asked for what.
    struct Holds(bool, Sender<&'static str>);

    impl SpanExporter for Holds {
        fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
            self.0 = true;
            self.1.send("batch").map_err(ExportError::new)
        }

        fn tick(&mut self) -> Result<(), ExportError> {
            self.0 = false;
            self.1.send("tick").map_err(ExportError::new)
        }

        fn next_tick(&self) -> Option<Duration> {
            self.0.then_some(Duration::ZERO)
        }
    }

    #[test]
    fn a_tick_comes_to_an_exporter_that_asks_for_it_and_to_no_other() {
        let (said, says) = channel();
        let destination = Destination::start(Sink::Exporter(Box::new(Holds(false, said))), 0);
        let destination = destination.unwrap();
        destination.send(&batch(1));
        assert_eq!([says.recv(), says.recv()], [Ok("batch"), Ok("tick")]);
        flush(&destination);
        drop(destination);
        assert_eq!(says.recv().ok(), None, "it held nothing more, and was left alone");
    }
}
