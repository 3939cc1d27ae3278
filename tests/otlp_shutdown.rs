//! A flush and a shutdown come back, wherever they are called from, and whatever the collector does.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod deadlines;
mod faults;
mod laws;

use deadlines::Watch;
use exo_trace::Protocol::{Grpc, HttpProtobuf};
use exo_trace::{Delivery, Protocol, TraceGuard, init, span_sync};
use faults::{Collector, Fault, PATIENCE, alone, lost_of};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

const BOTH: [Protocol; 2] = [Grpc, HttpProtobuf];
const SPANS: u64 = 100;
/// How long a story waits for a collector that says nothing.
const DEADLINE: Duration = Duration::from_millis(200);
/// A flush and a shutdown keep their deadlines, give or take a busy machine.
const AT_MOST: Duration = Duration::from_secs(1);

fn begin(collector: &Collector) -> TraceGuard {
    let trace = init(collector.config()).expect("nothing records yet");
    (0..SPANS).for_each(|n| drop(span_sync!("span", n)));
    trace
}

fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("there is room for a runtime")
}

fn two_threads() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("there is room for a runtime")
}

/// Runs a story with a collector that takes everything and with one that says nothing, over both
/// protocols: a story of a flush and a shutdown at most, each with the deadline it is told.
fn tell(story: impl Fn(TraceGuard, Duration) -> Delivery) {
    for protocol in BOTH {
        let collector = Collector::start(protocol);
        let watch = Watch::start("a collector that takes everything");
        let trace = begin(&collector);
        let began = Instant::now();
        let delivery = story(trace, PATIENCE);
        watch.has_first();
        watch.print(began.elapsed(), PATIENCE);
        assert!(delivery.is_complete(), "over {protocol:?}: {delivery}");
        assert_eq!((delivery.delivered, collector.received().spans()), (SPANS, SPANS));

        let collector = Collector::with(protocol, Fault::NeverAnswers);
        let trace = begin(&collector);
        let began = Instant::now();
        let delivery = story(trace, DEADLINE);
        let took = began.elapsed();
        // Of a flush and a shutdown.
        Watch::start("a collector that says nothing").print(took, 2 * DEADLINE);
        assert!(took < AT_MOST, "{took:?} over {protocol:?}: {delivery}");
        assert_eq!((delivery.delivered, lost_of(&delivery)), (0, SPANS), "{delivery}");
    }
}

/// A flush and a shutdown, both of which may block.
fn end(trace: &TraceGuard, deadline: Duration) -> Delivery {
    let flushed = trace.flush(deadline);
    let delivery = trace.shutdown(deadline);
    assert!(flushed.delivered <= delivery.delivered, "{flushed}; {delivery}");
    delivery
}

async fn end_async(trace: &TraceGuard, deadline: Duration) -> Delivery {
    let flushed = trace.flush_async(deadline).await;
    let delivery = trace.shutdown_async(deadline).await;
    assert!(flushed.delivered <= delivery.delivered, "{flushed}; {delivery}");
    delivery
}

#[test]
fn on_a_thread() {
    let _alone = alone();
    tell(|trace, deadline| end(&trace, deadline));
}

#[test]
fn inside_a_runtime_of_one_thread() {
    let _alone = alone();
    tell(|trace, deadline| one_thread().block_on(async { end(&trace, deadline) }));
    tell(|trace, deadline| one_thread().block_on(end_async(&trace, deadline)));
}

#[test]
fn inside_a_task_of_a_runtime_of_two_threads() {
    let _alone = alone();
    let spawn = |runtime: &Runtime, trace: TraceGuard, deadline| {
        runtime
            .block_on(runtime.spawn(async move { end(&trace, deadline) }))
            .expect("it does not panic")
    };
    tell(|trace, deadline| spawn(&two_threads(), trace, deadline));
    tell(|trace, deadline| {
        two_threads().block_on(async move { end_async(&trace, deadline).await })
    });
}

#[test]
fn on_a_thread_that_may_block() {
    let _alone = alone();
    let spawn = |runtime: Runtime, trace: TraceGuard, deadline| {
        let ended = runtime
            .block_on(async { tokio::task::spawn_blocking(move || end(&trace, deadline)).await });
        ended.expect("it does not panic")
    };
    tell(|trace, deadline| spawn(one_thread(), trace, deadline));
    tell(|trace, deadline| spawn(two_threads(), trace, deadline));
}

#[test]
fn twice_with_the_same_answer() {
    let _alone = alone();
    tell(|trace, deadline| {
        let delivery = trace.shutdown(deadline);
        assert_eq!(trace.shutdown(PATIENCE), delivery);
        assert_eq!(trace.flush(PATIENCE), delivery);
        delivery
    });
}

#[test]
fn from_two_threads_at_once() {
    let _alone = alone();
    let both = |trace: &TraceGuard, deadline, first: fn(&TraceGuard, Duration) -> Delivery| {
        let together = Barrier::new(2);
        thread::scope(|scope| {
            let one = scope.spawn(|| {
                together.wait();
                first(trace, deadline)
            });
            together.wait();
            let delivery = trace.shutdown(deadline);
            (one.join().expect("it does not panic"), delivery)
        })
    };
    tell(|trace, deadline| {
        let (one, other) = both(&trace, deadline, TraceGuard::shutdown);
        assert_eq!(one, other);
        other
    });
    tell(|trace, deadline| {
        let (flushed, delivery) = both(&trace, deadline, TraceGuard::flush);
        assert!(flushed.delivered <= delivery.delivered, "{flushed}; {delivery}");
        delivery
    });
}

/// Ends tracing when it is dropped, and keeps what came of it.
struct Ends<'a> {
    trace: TraceGuard,
    deadline: Duration,
    delivery: &'a RefCell<Delivery>,
}

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        *self.delivery.borrow_mut() = end(&self.trace, self.deadline);
    }
}

#[test]
fn from_a_destructor_while_its_thread_unwinds() {
    let _alone = alone();
    tell(|trace, deadline| {
        let delivery = RefCell::default();
        let unwound = catch_unwind(AssertUnwindSafe(|| {
            let _ends = Ends { trace, deadline, delivery: &delivery };
            panic!("and the guard goes with it");
        }));
        assert!(unwound.is_err());
        delivery.into_inner()
    });
}

thread_local! {
    static LAST: RefCell<Option<LastWords>> = const { RefCell::new(None) };
}

/// Ends tracing with its thread, and says so.
struct LastWords {
    trace: TraceGuard,
    deadline: Duration,
    says: Sender<Delivery>,
}

impl Drop for LastWords {
    fn drop(&mut self) {
        let _ = self.says.send(end(&self.trace, self.deadline));
    }
}

#[test]
fn from_a_destructor_of_a_threads_own_storage() {
    let _alone = alone();
    tell(|trace, deadline| {
        let (says, said) = channel();
        let last = LastWords { trace, deadline, says };
        let thread = thread::spawn(|| LAST.set(Some(last)));
        thread.join().expect("it does not panic");
        said.recv().expect("the storage was torn down")
    });
}

#[test]
fn from_a_task_that_dies_with_its_runtime() {
    let _alone = alone();
    tell(|trace, deadline| {
        let (says, said) = channel();
        let last = LastWords { trace, deadline, says };
        let runtime = one_thread();
        runtime.spawn(async move {
            let _last = last;
            std::future::pending::<()>().await;
        });
        runtime.block_on(tokio::task::yield_now());
        drop(runtime);
        said.recv().expect("the task is gone")
    });
}

#[test]
fn after_a_future_that_was_to_end_it_was_dropped() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::with(protocol, Fault::NeverAnswers);
        let trace = begin(&collector);
        one_thread().block_on(async {
            tokio::select! {
                biased;
                _ = trace.shutdown_async(PATIENCE) => panic!("nobody answered"),
                () = tokio::task::yield_now() => {}
            }
        });
        // It goes on elsewhere, with its own deadline; who asks now waits for no more than theirs,
        // and whoever asks first does the work.
        let began = Instant::now();
        let delivery = trace.shutdown(DEADLINE);
        assert!(began.elapsed() < AT_MOST, "{:?} over {protocol:?}", began.elapsed());
        let settled = delivery.delivered + delivery.queued.max(lost_of(&delivery));
        assert!(!delivery.is_complete() && settled == SPANS, "{delivery}");
        // What is under way would go on for as long as it was given.
        drop(collector);
        let end = trace.shutdown(PATIENCE);
        laws::accounts_for(SPANS, &end);
    }
}

#[test]
fn with_less_time_than_a_shutdown_that_is_under_way() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::with(protocol, Fault::NeverAnswers);
        let trace = begin(&collector);
        thread::scope(|scope| {
            let under_way = scope.spawn(|| trace.shutdown(PATIENCE));
            // It is under way as soon as a span is too late.
            while trace.losses().after_shutdown == 0 {
                drop(span_sync!("in time or too late"));
                thread::yield_now();
            }
            let began = Instant::now();
            assert!(!trace.flush(DEADLINE).is_complete());
            assert!(!trace.shutdown(DEADLINE).is_complete());
            assert!(began.elapsed() < AT_MOST, "{:?} over {protocol:?}", began.elapsed());
            collector.recover();
            let delivery = under_way.join().expect("it does not panic");
            assert_eq!(delivery.delivered, collector.received().spans(), "{delivery}");
            assert_eq!(lost_of(&delivery), delivery.lost.after_shutdown, "{delivery}");
        });
    }
}

#[test]
fn where_the_runtime_that_waits_is_the_one_that_serves_the_collector() {
    let _alone = alone();
    for protocol in BOTH {
        one_thread().block_on(async {
            let collector = Collector::here(protocol).await;
            let trace = begin(&collector);
            let flushed = trace.flush_async(PATIENCE).await;
            assert!(flushed.is_complete(), "{flushed}");
            drop(span_sync!("another"));
            let delivery = trace.shutdown_async(PATIENCE).await;
            assert!(delivery.is_complete(), "{delivery}");
            assert_eq!(collector.received().spans(), SPANS + 1);
        });
    }
}

#[test]
fn where_the_collector_cannot_answer_before_the_wait_is_over() {
    let _alone = alone();
    for protocol in BOTH {
        one_thread().block_on(async {
            let collector = Collector::here(protocol).await;
            let trace = begin(&collector);
            let began = Instant::now();
            let delivery = end(&trace, DEADLINE);
            assert!(began.elapsed() < AT_MOST, "{:?}", began.elapsed());
            assert_eq!((delivery.delivered, lost_of(&delivery)), (0, SPANS), "{delivery}");
        });
    }
}

#[test]
fn with_no_time_at_all() {
    let _alone = alone();
    for fault in [Fault::NeverAnswers, Fault::Refuses] {
        let collector = Collector::with(Grpc, fault);
        let trace = begin(&collector);
        let began = Instant::now();
        assert!(!trace.flush(Duration::ZERO).is_complete());
        let delivery = trace.shutdown(Duration::ZERO);
        assert!(began.elapsed() < AT_MOST, "{:?}", began.elapsed());
        assert_eq!(delivery.delivered, 0, "{delivery}");
        assert!(!delivery.is_complete(), "{delivery}");
    }
}
