//! Where batches go: an exporter or a consumer on a thread of its own, behind a bounded queue.
//!
//! What finds no room in the queue is counted and gone, so that a slow destination costs nobody else
//! anything. What takes the spans dies on its own thread. A destination that does not finish in time is
//! left to itself: its thread ends when its work does. One that holds nothing back sleeps until there is
//! work. Where the drain is turned by hand there is no thread, and what is queued is done at once.

use crate::batch::Batch;
use crate::consumer::SpanConsumer;
use crate::counts::Counts;
use crate::deadline::Deadline;
use crate::destinations::StartError;
use crate::exporter::ExportError;
use crate::inside;
use crate::queue::{Appetite, Queue, Refused};
use crate::served::{Patience, Served};
use crate::sink::Sink;
use crate::worker::{ByHand, Worker};
use futures_channel::oneshot;
use std::io;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

/// Tells a sink by when it has to be done.
#[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "only collectors are told"))]
pub(crate) struct Ending {
    /// With everything; told once.
    pub(crate) end: oneshot::Receiver<Deadline>,
    /// With what it does now, where that is done in somebody's call.
    pub(crate) call: Option<Arc<Patience>>,
}

/// Who does its work.
enum Work {
    Thread(JoinHandle<()>),
    ByHand(ByHand),
}

pub(crate) struct Destination {
    queue: Arc<Queue>,
    counts: Arc<Counts>,
    work: Work,
    ending: Mutex<Option<oneshot::Sender<Deadline>>>,
    /// Only to know it by: were it held here, it could die on the drain's thread.
    consumer: Option<Weak<dyn SpanConsumer>>,
}

impl Destination {
    /// Starts the work of what takes the spans.
    pub(crate) fn start(sink: impl Sink + Send + 'static, served: &Served) -> io::Result<Self> {
        let counts = Counts::of(&sink, 0);
        Self::start_with(sink, counts, None, served)
    }

    /// Starts the work of a consumer; `missed` spans came before it.
    pub(crate) fn start_consumer(
        consumer: Arc<dyn SpanConsumer>,
        missed: u64,
        served: &Served,
    ) -> io::Result<Self> {
        let known = Arc::downgrade(&consumer);
        let counts = Counts::of(&consumer, missed);
        let mut destination = Self::start_with(consumer, counts, None, served)?;
        destination.consumer = Some(known);
        Ok(destination)
    }

    /// Starts the work of what is told by when everything has to be done.
    #[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "only collectors are told"))]
    pub(crate) fn start_told<S: Sink + Send + 'static>(
        served: &Served,
        make: impl FnOnce(Ending) -> Result<S, ExportError>,
    ) -> Result<Self, StartError> {
        let (tell, end) = oneshot::channel();
        let sink = make(Ending { end, call: served.patience() }).map_err(StartError::Exporter)?;
        let counts = Counts::of(&sink, 0);
        Self::start_with(sink, counts, Some(tell), served).map_err(StartError::Thread)
    }

    fn start_with(
        sink: impl Sink + Send + 'static,
        counts: Counts,
        ending: Option<oneshot::Sender<Deadline>>,
        served: &Served,
    ) -> io::Result<Self> {
        let counts = Arc::new(counts);
        let worker = |appetite| {
            let queue = Arc::new(Queue::new(appetite));
            Worker { queue, counts: Arc::clone(&counts) }
        };
        let (queue, work) = match served {
            Served::ByThreads => {
                let worker = worker(sink.appetite());
                let queue = Arc::clone(&worker.queue);
                let thread = std::thread::Builder::new().name("exo-trace-out".to_owned());
                (queue, Work::Thread(thread.spawn(move || inside::run(|| worker.run(sink)))?))
            }
            Served::ByHand(_) => {
                // Nobody comes by again when what waits has waited long enough.
                let worker = worker(Appetite { delay: Duration::ZERO, ..sink.appetite() });
                (Arc::clone(&worker.queue), Work::ByHand(ByHand::new(worker, sink)))
            }
        };
        Ok(Self { queue, counts, work, ending: Mutex::new(ending), consumer: None })
    }

    /// Does what stands in the queue, where no thread does.
    pub(crate) fn work(&self) {
        if let Work::ByHand(by_hand) = &self.work {
            by_hand.work();
        }
    }

    /// Gives it the number that it keeps, whoever comes or goes.
    pub(crate) fn is_number(&self, number: u32) {
        // Relaxed: who reads it finds the counts behind a lock, where they are put later.
        self.counts.number.store(number, Relaxed);
    }

    pub(crate) fn counts(&self) -> Arc<Counts> {
        Arc::clone(&self.counts)
    }

    /// Queues a batch, or counts its spans as refused, or as failed where nobody works any more.
    pub(crate) fn send(&self, batch: &Arc<Batch>) {
        let spans = batch.len() as u64;
        match self.queue.push(batch, || self.counts.queued(spans)) {
            Ok(()) => {}
            Err(Refused::Full) => self.counts.refused(spans),
            Err(Refused::Closed) => self.counts.failed(spans),
        }
        self.work();
    }

    /// Calls `done` when everything queued so far was delivered or counted.
    pub(crate) fn flush(&self, done: impl FnOnce() + Send + 'static) {
        self.queue.push_flush(Box::new(done));
        self.work();
    }

    /// Lets the thread end after what is queued, and says by when somebody waits for that.
    pub(crate) fn finish(&self, deadline: Deadline) {
        let ending = self.ending.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Nobody listens where the thread has ended.
        let _ = ending.map(|ending| ending.send(deadline));
        self.queue.finish();
        self.work();
    }

    /// Lets the thread end after what is queued, while others go on without it.
    pub(crate) fn leave(&self) {
        self.counts.leave();
        self.queue.finish();
        self.work();
    }

    pub(crate) fn has_finished(&self) -> bool {
        self.queue.is_closed()
    }

    /// Waits until `deadline` for the thread to end; past that it is left to itself.
    pub(crate) fn wait(&self, deadline: Deadline) {
        let Work::Thread(thread) = &self.work else { return };
        let is_own = thread.thread().id() == std::thread::current().id();
        while !is_own && !thread.is_finished() && !deadline.has_passed() {
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
        self.queue.finish();
        self.work();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Whole;
    use crate::sink::Own;
    use crate::{ExportError, SpanData, SpanExporter};
    use std::sync::mpsc::{Receiver, Sender, channel};

    /// A batch of so many spans, for those who only count them.
    fn batch(spans: usize) -> Arc<Batch> {
        let spans = (0..spans).map(|_| Whole::default()).collect::<Vec<_>>().into();
        Arc::new(Batch { spans, ..Batch::default() })
    }

    fn counted(counts: &Counts) -> (u64, u64, u64) {
        let account = counts.account();
        (account.delivered, account.failed, account.queued)
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
        let destination =
            Destination::start(Own(Gate(reached, is_open), "gate"), &Served::ByThreads).unwrap();
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
        let destination =
            Destination::start(Own(LosesAtFlush(errors), "loses"), &Served::ByThreads).unwrap();
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
        let destination =
            Destination::start(Own(Holds(false, said), "holds"), &Served::ByThreads).unwrap();
        destination.send(&batch(1));
        assert_eq!([says.recv(), says.recv()], [Ok("batch"), Ok("tick")]);
        flush(&destination);
        drop(destination);
        assert_eq!(says.recv().ok(), None, "it held nothing more, and was left alone");
    }
}
