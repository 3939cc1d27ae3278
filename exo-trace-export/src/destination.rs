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
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
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
}

enum Job {
    Batch(Arc<Batch>),
    /// Says when everything before it is done.
    Flush(Box<dyn FnOnce() + Send>),
    Stop,
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
}

pub(crate) struct Destination {
    queue: Arc<Queue>,
    counts: Arc<Counts>,
    thread: Option<JoinHandle<()>>,
}

impl Destination {
    pub(crate) fn start(sink: Sink) -> std::io::Result<Self> {
        let (queue, counts) = (Arc::<Queue>::default(), Arc::<Counts>::default());
        let worker = Worker { queue: Arc::clone(&queue), counts: Arc::clone(&counts), sink };
        let thread = std::thread::Builder::new()
            .name("exo-trace-out".to_owned())
            .spawn(move || inside::run(|| worker.run()))?;
        Ok(Self { queue, counts, thread: Some(thread) })
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
        self.queue.lock().waiting.push_back(Job::Flush(Box::new(done)));
        self.queue.wake.notify_one();
    }

    /// Lets the thread end after what is queued; waits until `deadline` for it.
    pub(crate) fn stop(mut self, deadline: Instant) {
        self.queue.lock().waiting.push_back(Job::Stop);
        self.queue.wake.notify_one();
        let Some(thread) = self.thread.take() else { return };
        let is_own = thread.thread().id() == std::thread::current().id();
        while !is_own && !thread.is_finished() && Instant::now() < deadline {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        if thread.is_finished() {
            // A panic was caught inside; a join can only say so again.
            let _ = thread.join();
        }
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the next job, or `None` after a while without one.
    fn next(&self) -> Option<Job> {
        let jobs = self.lock();
        let waited = self.wake.wait_timeout_while(jobs, TICK, |jobs| jobs.waiting.is_empty());
        let (mut jobs, _) = waited.unwrap_or_else(PoisonError::into_inner);
        jobs.waiting.pop_front()
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
                Some(Job::Batch(batch)) => self.deliver(&batch),
                Some(Job::Flush(done)) => {
                    self.sink.ask(|exporter| exporter.flush());
                    done();
                }
                Some(Job::Stop) => {
                    self.sink.ask(|exporter| exporter.shutdown());
                    return;
                }
                None => self.sink.ask(|exporter| exporter.tick()),
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
