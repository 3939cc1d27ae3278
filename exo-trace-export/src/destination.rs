//! Where batches go: an exporter or a consumer on a thread of its own, behind a bounded queue.
//!
//! The queue is bounded in bytes; what finds no room is counted and gone, so that a slow destination
//! costs nobody else anything. A panic is caught and counted as a failure. A destination that does
//! not finish in time is left to itself: its thread ends when its work does.

use crate::SpanData;
use crate::batch::Batch;
use crate::config::SharedExporter;
use crate::consumer::SpanConsumer;
use crate::exporter::SpanExporter;
use crate::inside;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How many bytes of batches may wait for one destination.
const QUEUE_BYTES_MAX: usize = 32 << 20;
/// How often a destination that waits gets to look at the clock.
const TICK: Duration = Duration::from_millis(50);

/// What takes the spans.
pub(crate) enum Sink {
    Exporter(Box<dyn SpanExporter>),
    /// An exporter that a configuration holds, and perhaps a copy of it.
    Shared(SharedExporter),
    Consumer(Arc<dyn SpanConsumer>),
}

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
}

enum Job {
    Batch(Arc<Batch>),
    /// Says when everything before it is done.
    Flush(Box<dyn FnOnce() + Send>),
    /// There was nothing to do for a while.
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
    consumer: Option<Arc<dyn SpanConsumer>>,
}

impl Destination {
    /// Starts a thread for what takes the spans; `missed` came before it.
    pub(crate) fn start(sink: Sink, missed: u64) -> std::io::Result<Self> {
        let queue = Arc::<Queue>::default();
        let counts = Arc::new(Counts { missed: missed.into(), ..Counts::default() });
        let consumer = match &sink {
            Sink::Consumer(consumer) => Some(Arc::clone(consumer)),
            Sink::Exporter(_) | Sink::Shared(_) => None,
        };
        let worker = Worker { queue: Arc::clone(&queue), counts: Arc::clone(&counts), sink };
        let thread = std::thread::Builder::new()
            .name("exo-trace-out".to_owned())
            .spawn(move || inside::run(|| worker.run()))?;
        Ok(Self { queue, counts, thread, consumer })
    }

    pub(crate) fn counts(&self) -> Arc<Counts> {
        Arc::clone(&self.counts)
    }

    /// Queues a batch, or counts its spans as refused.
    pub(crate) fn send(&self, batch: &Arc<Batch>) {
        let spans = batch.len() as u64;
        let mut jobs = self.queue.lock();
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
    pub(crate) fn wait(&self, deadline: Instant) {
        let is_own = self.thread.thread().id() == std::thread::current().id();
        while !is_own && !self.thread.is_finished() && Instant::now() < deadline {
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }

    /// Tells whether it is this consumer that gets the spans.
    pub(crate) fn is_of(&self, consumer: &Arc<dyn SpanConsumer>) -> bool {
        self.consumer.as_ref().is_some_and(|own| Arc::ptr_eq(own, consumer))
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what to do next; waits a while for it.
    fn next(&self) -> Job {
        let jobs = self.lock();
        let is_idle = |jobs: &mut Jobs| jobs.waiting.is_empty() && !jobs.is_finishing;
        let waited = self.wake.wait_timeout_while(jobs, TICK, is_idle);
        let (mut jobs, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match jobs.waiting.pop_front() {
            Some(job) => job,
            None if jobs.is_finishing => Job::Finish,
            None => Job::Tick,
        }
    }

    /// Says that nobody works here any more, and returns those who wait for a flush.
    fn close(&self) -> VecDeque<Job> {
        let mut jobs = self.lock();
        jobs.has_finished = true;
        std::mem::take(&mut jobs.waiting)
    }
}

struct Worker {
    queue: Arc<Queue>,
    counts: Arc<Counts>,
    sink: Sink,
}

impl Worker {
    fn run(mut self) {
        loop {
            match self.queue.next() {
                Job::Batch(batch) => self.deliver(&batch),
                Job::Flush(done) => {
                    self.sink.ask(|exporter| exporter.flush());
                    done();
                }
                Job::Tick => self.sink.ask(|exporter| exporter.tick()),
                Job::Finish => break,
            }
        }
        self.sink.ask(|exporter| exporter.shutdown());
        for job in self.queue.close() {
            if let Job::Flush(done) = job {
                done();
            }
        }
    }

    fn deliver(&mut self, batch: &Arc<Batch>) {
        let spans = batch.len() as u64;
        let failed = self.sink.deliver(batch).min(spans);
        self.counts.failed.fetch_add(failed, Relaxed);
        self.counts.delivered.fetch_add(spans - failed, Relaxed);
        self.counts.queued.fetch_sub(spans, Relaxed);
        self.queue.lock().bytes -= batch.bytes();
    }
}

impl Sink {
    /// Hands a batch over and returns how many spans failed.
    fn deliver(&mut self, batch: &Arc<Batch>) -> u64 {
        let spans = (0..batch.len()).map(|place| SpanData::shared(batch, place));
        match self {
            Self::Exporter(exporter) => export(&mut **exporter, &spans.collect::<Vec<_>>()),
            Self::Shared(exporter) => export(&mut *exporter.lock(), &spans.collect::<Vec<_>>()),
            Self::Consumer(consumer) => spans
                .filter(|span| catch_unwind(AssertUnwindSafe(|| consumer.consume(span))).is_err())
                .count() as u64,
        }
    }

    /// Asks an exporter for something between two batches; consumers know only spans.
    fn ask(&mut self, request: impl FnOnce(&mut dyn SpanExporter)) {
        // Whatever state a panic leaves behind is the exporter's own.
        let _ = catch_unwind(AssertUnwindSafe(|| match self {
            Self::Exporter(exporter) => request(&mut **exporter),
            Self::Shared(exporter) => request(&mut *exporter.lock()),
            Self::Consumer(_) => {}
        }));
    }
}

fn export(exporter: &mut dyn SpanExporter, spans: &[SpanData<'_>]) -> u64 {
    // As above: a panic loses its batch and nothing else.
    match catch_unwind(AssertUnwindSafe(|| exporter.export(spans))) {
        Ok(Ok(())) => 0,
        Ok(Err(error)) => error.spans_lost.unwrap_or(spans.len() as u64),
        Err(_) => spans.len() as u64,
    }
}
