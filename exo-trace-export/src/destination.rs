//! Where batches go: an exporter or a consumer on a thread of its own, behind a bounded queue.
//!
//! What finds no room in the queue is counted and gone, so that a slow destination costs nobody else
//! anything. A panic is caught and counted as a failure, also one in a destructor: what takes the
//! spans dies on its own thread. A destination that does not finish in time is left to itself: its
//! thread ends when its work does. One that holds nothing back sleeps until there is work.

use crate::batch::Batch;
use crate::caught::caught;
use crate::consumer::SpanConsumer;
use crate::counts::{Counts, Toll};
use crate::deadline::Deadline;
use crate::destinations::StartError;
use crate::exporter::ExportError;
use crate::inside;
use crate::queue::{Job, Queue, Refused};
use crate::sink::{Request, Sink};
use futures_channel::oneshot;
use std::io;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

/// Tells a sink, once, by when everything has to be done.
pub(crate) type Ending = oneshot::Receiver<Deadline>;

pub(crate) struct Destination {
    queue: Arc<Queue>,
    counts: Arc<Counts>,
    thread: JoinHandle<()>,
    ending: Mutex<Option<oneshot::Sender<Deadline>>>,
    /// Only to know it by: were it held here, it could die on the drain's thread.
    consumer: Option<Weak<dyn SpanConsumer>>,
}

impl Destination {
    /// Starts a thread for what takes the spans.
    pub(crate) fn start(sink: impl Sink + Send + 'static) -> io::Result<Self> {
        let counts = Counts::of(&sink, 0);
        Self::start_with(sink, counts, None)
    }

    /// Starts a thread for a consumer; `missed` spans came before it.
    pub(crate) fn start_consumer(consumer: Arc<dyn SpanConsumer>, missed: u64) -> io::Result<Self> {
        let known = Arc::downgrade(&consumer);
        let counts = Counts::of(&consumer, missed);
        let mut destination = Self::start_with(consumer, counts, None)?;
        destination.consumer = Some(known);
        Ok(destination)
    }

    /// Starts a thread for what is told by when everything has to be done.
    #[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "only collectors are told"))]
    pub(crate) fn start_told<S: Sink + Send + 'static>(
        make: impl FnOnce(Ending) -> Result<S, ExportError>,
    ) -> Result<Self, StartError> {
        let (tell, ending) = oneshot::channel();
        let sink = make(ending).map_err(StartError::Exporter)?;
        let counts = Counts::of(&sink, 0);
        Self::start_with(sink, counts, Some(tell)).map_err(StartError::Thread)
    }

    fn start_with(
        sink: impl Sink + Send + 'static,
        counts: Counts,
        ending: Option<oneshot::Sender<Deadline>>,
    ) -> io::Result<Self> {
        let (queue, counts) = (Arc::new(Queue::new(sink.appetite())), Arc::new(counts));
        let open = Open { queue: Arc::clone(&queue), counts: Arc::clone(&counts) };
        let thread = std::thread::Builder::new()
            .name("exo-trace-out".to_owned())
            .spawn(move || inside::run(|| open.run(sink)))?;
        Ok(Self { queue, counts, thread, ending: Mutex::new(ending), consumer: None })
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
    }

    /// Calls `done` when everything queued so far was delivered or counted.
    pub(crate) fn flush(&self, done: impl FnOnce() + Send + 'static) {
        self.queue.push_flush(Box::new(done));
    }

    /// Lets the thread end after what is queued, and says by when somebody waits for that.
    pub(crate) fn finish(&self, deadline: Deadline) {
        let ending = self.ending.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Nobody listens where the thread has ended.
        let _ = ending.map(|ending| ending.send(deadline));
        self.queue.finish();
    }

    /// Lets the thread end after what is queued, while others go on without it.
    pub(crate) fn leave(&self) {
        self.counts.leave();
        self.queue.finish();
    }

    pub(crate) fn has_finished(&self) -> bool {
        self.queue.is_closed()
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
        self.queue.finish();
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
        let Self { queue, counts } = self;
        // Before the queue is seen closed, so that no batch is counted as queued after it.
        let left = queue.close(|| counts.give_up_queued());
        left.into_iter().for_each(|done| done());
    }
}

impl Open {
    fn run(self, mut sink: impl Sink) {
        // Should it ever panic, the sink is not to die while the thread unwinds: a second panic, in
        // its destructor, would end the process.
        let _ = caught(|| self.work(&mut sink));
        drop(self);
        // Here and nowhere else: the destructor is the program's own code.
        let _ = caught(|| drop(sink));
    }

    fn work<S: Sink>(&self, sink: &mut S) {
        let Self { queue, counts } = self;
        // A panic costs what it was about, and no more.
        let asked = |sink: &mut S, request| {
            let toll = caught(|| Sink::ask(sink, request));
            counts.handed_over(0, toll.unwrap_or(Toll::failed(1)));
            counts.note_trouble(sink.trouble());
        };
        loop {
            match queue.next(sink.next_tick()) {
                Job::Batches(batches) => {
                    let spans = batches.iter().map(|batch| batch.len() as u64).sum();
                    let toll = caught(|| sink.deliver(&batches));
                    counts.handed_over(spans, toll.unwrap_or(Toll::failed(spans)));
                    counts.note_trouble(sink.trouble());
                    queue.make_room(&batches);
                }
                Job::Flush(done) => {
                    asked(sink, Request::Flush);
                    done();
                }
                Job::Tick => asked(sink, Request::Tick),
                Job::Finish => break,
            }
        }
        asked(sink, Request::Shutdown);
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
        let destination = Destination::start(Own(Gate(reached, is_open), "gate")).unwrap();
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
        let destination = Destination::start(Own(LosesAtFlush(errors), "loses")).unwrap();
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
        let destination = Destination::start(Own(Holds(false, said), "holds")).unwrap();
        destination.send(&batch(1));
        assert_eq!([says.recv(), says.recv()], [Ok("batch"), Ok("tick")]);
        flush(&destination);
        drop(destination);
        assert_eq!(says.recv().ok(), None, "it held nothing more, and was left alone");
    }
}
