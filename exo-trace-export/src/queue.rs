//! What waits for one destination: batches, bounded in bytes and in spans, and requests to flush.
//!
//! A destination says how many spans it wants at once and how long it waits for them: a collector
//! costs less per span when a request holds many. Whoever flushes or ends it does not wait for more.

use crate::batch::Batch;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use web_time::Instant;

/// How many bytes of memory the batches may hold that wait for one destination; the last may pass that.
const QUEUE_BYTES_MAX: usize = 32 << 20;
/// So many bytes to read do not wait for others, and are not joined by others: about what one request
/// holds.
const GROUP_BYTES_MAX: usize = 4 << 20;
/// How soon a tick comes at the earliest, however soon it is wanted.
const TICK_MIN: Duration = Duration::from_millis(5);

/// How many spans a destination wants at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Appetite {
    /// As many, if they come together; a batch that alone is larger is not divided.
    pub(crate) spans: usize,
    /// How long the first of them waits for the others.
    pub(crate) delay: Duration,
    /// How many spans may wait; the last batch may pass that.
    pub(crate) queue_spans_max: usize,
}

impl Appetite {
    /// Takes each batch as it comes.
    pub(crate) const BATCH: Self =
        Self { spans: 1, delay: Duration::ZERO, queue_spans_max: usize::MAX };
}

/// What a destination does next.
pub(crate) enum Job {
    /// One batch or several, never none.
    Batches(Vec<Arc<Batch>>),
    /// Says when everything before it is done.
    Flush(Box<dyn FnOnce() + Send>),
    /// There was nothing to do for as long as it wanted to wait.
    Tick,
    /// There is nothing left to do, and nothing will come.
    Finish,
}

enum Waiting {
    Batch(Arc<Batch>, Instant),
    Flush(Box<dyn FnOnce() + Send>),
}

/// Why a batch found no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Full,
    /// Nobody works there any more.
    Closed,
}

pub(crate) struct Queue {
    appetite: Appetite,
    jobs: Mutex<Jobs>,
    wake: Condvar,
}

#[derive(Default)]
struct Jobs {
    waiting: VecDeque<Waiting>,
    /// Of all batches that wait or are being delivered: the memory they hold on to.
    held_bytes: usize,
    spans: usize,
    /// Of those that wait: what there is to read.
    bytes_waiting: usize,
    spans_waiting: usize,
    /// Something found no room since a group was taken.
    was_refused: bool,
    flushes: usize,
    is_finishing: bool,
    is_closed: bool,
}

impl Queue {
    pub(crate) fn new(appetite: Appetite) -> Self {
        Self { appetite, jobs: Mutex::default(), wake: Condvar::new() }
    }

    /// Queues a batch; `count` is called before anybody can take it.
    pub(crate) fn push(&self, batch: &Arc<Batch>, count: impl FnOnce()) -> Result<(), Refused> {
        let mut jobs = self.lock();
        if jobs.is_closed {
            return Err(Refused::Closed);
        }
        // A batch has room whatever its size, or a burst after a quiet time would be lost whole.
        if jobs.held_bytes >= QUEUE_BYTES_MAX || jobs.spans >= self.appetite.queue_spans_max {
            // What waits for more to come with it waits no longer.
            jobs.was_refused = true;
            drop(jobs);
            self.wake.notify_one();
            return Err(Refused::Full);
        }
        count();
        jobs.held_bytes += batch.held_bytes();
        jobs.spans += batch.len();
        jobs.bytes_waiting += batch.filled_bytes();
        jobs.spans_waiting += batch.len();
        jobs.waiting.push_back(Waiting::Batch(Arc::clone(batch), Instant::now()));
        // Who waits for more spans looks again for the first batch, which says until when, and when
        // there is enough; woken for each between, it would only go to sleep again.
        let is_news = jobs.waiting.len() == 1 || jobs.is_enough(self.appetite);
        drop(jobs);
        if is_news {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// Queues a flush; called at once where nobody works any more.
    pub(crate) fn push_flush(&self, done: Box<dyn FnOnce() + Send>) {
        let mut jobs = self.lock();
        if jobs.is_closed {
            drop(jobs);
            return done();
        }
        jobs.flushes += 1;
        jobs.waiting.push_back(Waiting::Flush(done));
        drop(jobs);
        self.wake.notify_one();
    }

    /// Lets the destination end after what is queued.
    pub(crate) fn finish(&self) {
        self.lock().is_finishing = true;
        self.wake.notify_one();
    }

    /// Gives back the room of batches that were dealt with.
    pub(crate) fn make_room(&self, batches: &[Arc<Batch>]) {
        let mut jobs = self.lock();
        jobs.held_bytes -= batches.iter().map(|batch| batch.held_bytes()).sum::<usize>();
        jobs.spans -= batches.iter().map(|batch| batch.len()).sum::<usize>();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    /// Closes the queue; `count` is called before anybody can find it closed. Returns who waits for
    /// a flush.
    pub(crate) fn close(&self, count: impl FnOnce()) -> Vec<Box<dyn FnOnce() + Send>> {
        let mut jobs = self.lock();
        jobs.is_closed = true;
        let left = std::mem::take(&mut jobs.waiting);
        count();
        drop(jobs);
        let flush = |waiting| match waiting {
            Waiting::Flush(done) => Some(done),
            Waiting::Batch(..) => None,
        };
        left.into_iter().filter_map(flush).collect()
    }

    /// Returns what to do next; waits for it, for a tick `patience` and no longer.
    pub(crate) fn next(&self, patience: Option<Duration>) -> Job {
        let tick = patience.and_then(|time| Instant::now().checked_add(time.max(TICK_MIN)));
        let mut jobs = self.lock();
        loop {
            if let Some(job) = jobs.take(self.appetite) {
                return job;
            }
            let now = Instant::now();
            if tick.is_some_and(|tick| tick <= now) {
                return Job::Tick;
            }
            let due = jobs.due(self.appetite);
            let until = [tick, due].into_iter().flatten().min();
            jobs = match until {
                Some(until) => {
                    let waited = self.wake.wait_timeout(jobs, until.saturating_duration_since(now));
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.wake.wait(jobs).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Returns what is to be done now, if anything is.
    pub(crate) fn next_now(&self) -> Option<Job> {
        self.lock().take(self.appetite)
    }

    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Jobs {
    /// Takes what is to be done now, if anything is.
    fn take(&mut self, appetite: Appetite) -> Option<Job> {
        match self.waiting.front() {
            None => return self.is_finishing.then_some(Job::Finish),
            Some(Waiting::Flush(_)) => {}
            Some(Waiting::Batch(..)) => {
                let is_due = self.due(appetite).is_some_and(|due| due <= Instant::now());
                let is_wanted = self.is_enough(appetite) || is_due || self.was_refused;
                if !is_wanted && self.flushes == 0 && !self.is_finishing {
                    return None;
                }
            }
        }
        match self.waiting.pop_front()? {
            Waiting::Flush(done) => {
                self.flushes -= 1;
                Some(Job::Flush(done))
            }
            Waiting::Batch(first, _) => Some(Job::Batches(self.group(first, appetite.spans))),
        }
    }

    /// Tells whether what waits need not wait for more.
    fn is_enough(&self, appetite: Appetite) -> bool {
        let spans = appetite.spans.min(appetite.queue_spans_max);
        // Without room for more there is nothing to wait for, and what came next would be refused.
        self.spans_waiting >= spans
            || self.bytes_waiting >= GROUP_BYTES_MAX
            || self.held_bytes >= QUEUE_BYTES_MAX
    }

    /// Adds to the first batch those after it, up to `spans`.
    fn group(&mut self, first: Arc<Batch>, spans: usize) -> Vec<Arc<Batch>> {
        let (mut taken, mut bytes) = (first.len(), first.filled_bytes());
        let mut group = vec![first];
        self.was_refused = false;
        while let Some(Waiting::Batch(next, _)) = self.waiting.front()
            && taken + next.len() <= spans
            && group.first().is_some_and(|first| first.is_of_same_machine(next))
            && bytes + next.filled_bytes() <= GROUP_BYTES_MAX
            && let Some(Waiting::Batch(next, _)) = self.waiting.pop_front()
        {
            taken += next.len();
            bytes += next.filled_bytes();
            group.push(next);
        }
        self.spans_waiting -= taken;
        self.bytes_waiting -= bytes;
        group
    }

    /// Returns when the batch that waits longest has waited long enough.
    fn due(&self, appetite: Appetite) -> Option<Instant> {
        match self.waiting.front() {
            Some(Waiting::Batch(_, since)) => since.checked_add(appetite.delay),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Whole;

    const NONE: [usize; 0] = [];
    const HOUR: Duration = Duration::from_secs(3_600);

    fn batch(spans: usize) -> Arc<Batch> {
        let spans = (0..spans).map(|_| Whole::default()).collect::<Vec<_>>().into();
        Arc::new(Batch { spans, ..Batch::default() })
    }

    fn queue(spans: usize, queue_spans_max: usize) -> Queue {
        Queue::new(Appetite { spans, delay: HOUR, queue_spans_max })
    }

    /// What comes out next, as numbers of spans.
    fn next(queue: &Queue) -> Vec<usize> {
        match queue.next(Some(Duration::ZERO)) {
            Job::Batches(group) => group.iter().map(|batch| batch.len()).collect(),
            Job::Flush(_) => vec![0],
            Job::Tick | Job::Finish => Vec::new(),
        }
    }

    #[test]
    fn a_group_waits_until_it_is_large_enough_and_is_not_larger() {
        let queue = queue(10, usize::MAX);
        queue.push(&batch(4), || {}).unwrap();
        assert_eq!(next(&queue), NONE, "a tick came first");
        queue.push(&batch(5), || {}).unwrap();
        queue.push(&batch(3), || {}).unwrap();
        assert_eq!(next(&queue), [4, 5]);
        assert_eq!(next(&queue), NONE, "the third waits for others");
        queue.push(&batch(40), || {}).unwrap();
        assert_eq!([next(&queue), next(&queue)], [vec![3], vec![40]]);
    }

    #[test]
    fn who_waits_for_more_is_woken_when_there_is_enough() {
        let queue = queue(10, usize::MAX);
        std::thread::scope(|scope| {
            let group = scope.spawn(|| match queue.next(None) {
                Job::Batches(group) => group.len(),
                _ => 0,
            });
            [4, 5, 1].into_iter().for_each(|spans| queue.push(&batch(spans), || {}).unwrap());
            assert_eq!(group.join().unwrap(), 3);
        });
    }

    #[test]
    fn who_flushes_or_ends_it_does_not_wait_for_more() {
        let queue = queue(10, usize::MAX);
        queue.push(&batch(1), || {}).unwrap();
        queue.push_flush(Box::new(|| {}));
        queue.push(&batch(2), || {}).unwrap();
        assert_eq!([next(&queue), next(&queue), next(&queue)], [vec![1], vec![0], vec![]]);
        queue.finish();
        assert_eq!(next(&queue), [2]);
        assert!(matches!(queue.next(None), Job::Finish));
    }

    #[test]
    fn no_delay_means_no_wait() {
        let appetite = Appetite { spans: 10, delay: Duration::ZERO, queue_spans_max: usize::MAX };
        let queue = Queue::new(appetite);
        queue.push(&batch(1), || {}).unwrap();
        assert_eq!(next(&queue), [1]);
    }

    #[test]
    fn what_finds_no_room_makes_the_destination_take_what_there_is() {
        let queue = queue(10, 3);
        queue.push(&batch(2), || {}).unwrap();
        assert_eq!(next(&queue), NONE);
        queue.push(&batch(9), || {}).expect("a burst after a quiet time is not lost whole");
        assert_eq!(queue.push(&batch(1), || panic!("counted")), Err(Refused::Full));
        assert_eq!([next(&queue), next(&queue)], [[2], [9]]);
    }

    #[test]
    fn lists_with_more_room_than_spans_fill_the_queue_by_their_room() {
        let queue = queue(1, usize::MAX);
        let roomy = || {
            let mut words = Vec::with_capacity(QUEUE_BYTES_MAX / 4 / size_of::<u64>());
            words.push(0);
            let (words, spans) = (words.into(), vec![Whole::default()].into());
            Arc::new(Batch { words, spans, ..Batch::default() })
        };
        let waiting = (0..100).take_while(|_| queue.push(&roomy(), || {}).is_ok()).count();
        assert_eq!(waiting, 4, "one word in each");
    }

    #[test]
    fn a_queue_that_is_full_of_room_waits_for_no_more_before_it_refuses_something() {
        let queue = queue(100, usize::MAX);
        let words = Vec::with_capacity(QUEUE_BYTES_MAX / size_of::<u64>()).into();
        let spans = vec![Whole::default()].into();
        let roomy = Arc::new(Batch { words, spans, ..Batch::default() });
        assert_eq!(queue.push(&roomy, || {}), Ok(()));
        assert_eq!(next(&queue), [1], "there is no room for what it would wait for");
    }

    #[test]
    fn a_batch_keeps_its_room_until_it_is_dealt_with() {
        let queue = queue(1, 4);
        let first = batch(4);
        queue.push(&first, || {}).unwrap();
        assert_eq!(queue.push(&batch(2), || panic!("counted")), Err(Refused::Full));
        assert_eq!(next(&queue), [4]);
        assert_eq!(queue.push(&batch(2), || panic!("counted")), Err(Refused::Full));
        queue.make_room(&[first]);
        assert_eq!(queue.push(&batch(2), || {}), Ok(()));
        assert_eq!(queue.close(|| {}).len(), 0);
        assert_eq!(queue.push(&batch(1), || {}), Err(Refused::Closed));
    }
}
