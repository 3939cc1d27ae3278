//! The work of one destination: what stands in its queue goes to its sink, on a thread or by hand.
//!
//! A panic is caught and counted as a failure, also one in a destructor of what takes the spans.

use crate::caught::caught;
use crate::counts::{Counts, Toll};
use crate::inside;
use crate::queue::{Job, Queue};
use crate::sink::{Request, Sink};
use std::sync::{Arc, Mutex, PoisonError};
use web_time::Instant;

/// Closes the queue when the work ends, however it ends: what still stands in it has failed, and
/// whoever waits for a flush is told.
pub(crate) struct Worker {
    pub(crate) queue: Arc<Queue>,
    pub(crate) counts: Arc<Counts>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        let Self { queue, counts } = self;
        // Before the queue is seen closed, so that no batch is counted as queued after it.
        let left = queue.close(|| counts.give_up_queued());
        left.into_iter().for_each(|done| done());
    }
}

impl Worker {
    /// Works until there is nothing left to do, and nothing will come.
    pub(crate) fn run(self, mut sink: impl Sink) {
        // Should it ever panic, the sink is not to die while the thread unwinds: a second panic, in
        // its destructor, would end the process.
        let mut works = || {
            let job = self.queue.next(sink.next_tick());
            self.does(&mut sink, job)
        };
        let _ = caught(|| while works() {});
        self.end(sink);
    }

    /// Does one job; `false` when it was the last.
    fn does<S: Sink>(&self, sink: &mut S, job: Job) -> bool {
        let Self { queue, counts } = self;
        match job {
            Job::Batches(batches) => {
                let spans = batches.iter().map(|batch| batch.len() as u64).sum();
                let toll = caught(|| sink.deliver(&batches));
                counts.handed_over(spans, toll.unwrap_or(Toll::failed(spans)));
                counts.note_trouble(sink.trouble());
                queue.make_room(&batches);
            }
            Job::Flush(done) => {
                self.asks(sink, Request::Flush);
                done();
            }
            Job::Tick => self.asks(sink, Request::Tick),
            Job::Finish => {
                self.asks(sink, Request::Shutdown);
                return false;
            }
        }
        true
    }

    /// A panic costs what it was about, and no more.
    fn asks<S: Sink>(&self, sink: &mut S, request: Request) {
        let toll = caught(|| Sink::ask(sink, request));
        self.counts.handed_over(0, toll.unwrap_or(Toll::failed(1)));
        self.counts.note_trouble(sink.trouble());
    }

    fn end(self, sink: impl Sink) {
        drop(self);
        // Here and nowhere else: the destructor is the program's own code.
        let _ = caught(|| drop(sink));
    }
}

/// The same work, done whenever somebody comes by.
pub(crate) struct ByHand {
    /// Does what is to be done now; `None` when the work has ended.
    work: Mutex<Option<Box<dyn FnMut() -> bool + Send>>>,
}

impl ByHand {
    pub(crate) fn new(worker: Worker, sink: impl Sink + Send + 'static) -> Self {
        let mut working = Some((worker, sink, Instant::now()));
        let work = move || {
            let goes_on = working.as_mut().is_some_and(|(worker, sink, worked_at)| {
                caught(|| worker.does_what_waits(sink, worked_at)).unwrap_or(false)
            });
            if !goes_on && let Some((worker, sink, _)) = working.take() {
                worker.end(sink);
            }
            goes_on
        };
        Self { work: Mutex::new(Some(Box::new(work))) }
    }

    /// Does what stands in the queue.
    pub(crate) fn work(&self) {
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        if !inside::run(|| work.as_mut().is_none_or(|work| work())) {
            *work = None;
        }
    }
}

impl Worker {
    /// Does everything that stands in the queue, or else a tick that is due; `false` when nothing will come.
    fn does_what_waits<S: Sink>(&self, sink: &mut S, worked_at: &mut Instant) -> bool {
        let mut has_worked = false;
        while let Some(job) = self.queue.next_now() {
            has_worked = true;
            if !self.does(sink, job) {
                return false;
            }
        }
        let is_due = |time| worked_at.elapsed() >= time;
        if !has_worked && sink.next_tick().is_some_and(is_due) {
            has_worked = self.does(sink, Job::Tick);
        }
        if has_worked {
            *worked_at = Instant::now();
        }
        true
    }
}
