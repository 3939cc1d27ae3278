//! Work that goes to other threads and comes back: streams, pools, local sets, runtimes in runtimes.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;
#[path = "laws/leftovers.rs"]
mod leftovers;

use exo_trace::propagation::{get_baggage, set_baggage};
use exo_trace::testing::{capture, capture_async};
use exo_trace::{Context, span_sync, traced};
use futures::StreamExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{self, Poll, Wake};
use std::thread::{self, Thread};
use tokio::runtime::Handle;
use tokio::task::{JoinSet, LocalSet, block_in_place, yield_now};

#[traced]
fn chunks() -> impl futures::Stream<Item = usize> + Send {
    async_stream::stream! {
        set_baggage("stream", "mine");
        for n in 0..3 {
            drop(span_sync!("decode", n));
            assert_eq!(get_baggage("stream").as_deref(), Some("mine"));
            yield n;
        }
    }
}

#[traced]
fn relay() {
    let mut stream = chunks().boxed();
    for n in 0..3 {
        let elsewhere = thread::spawn(move || {
            let item = futures::executor::block_on(stream.next());
            leftovers::nothing_is_left();
            (item, stream)
        });
        let item;
        (item, stream) = elsewhere.join().expect("no item panics");
        assert_eq!(item, Some(n));
        drop(span_sync!("consume", n));
    }
    assert_eq!(futures::executor::block_on(stream.next()), None);
}

#[test]
fn a_stream_polled_on_another_thread_for_each_item_stays_whole() {
    let trace = capture(relay);
    leftovers::nothing_is_left();
    assert_eq!(laws::text_of(&trace), include_str!("traces/stream_on_threads.txt"));
}

#[traced]
fn job(n: usize) {
    set_baggage("job", n.to_string());
    drop(span_sync!("inside", n));
}

type Job = Box<dyn FnOnce() + Send>;

/// Works off what is sent, and has nothing left of it after each.
fn work_off(jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let next = jobs.lock().expect("no worker panics here").recv();
        let Ok(job) = next else { return };
        // A job may panic; a pool goes on.
        let _ = catch_unwind(AssertUnwindSafe(job));
        leftovers::nothing_is_left();
    }
}

#[traced]
fn hand_out(jobs: &mpsc::Sender<Job>) {
    for n in 0..4 {
        jobs.send(Box::new(Context::current().carry(move || job(n)))).expect("a worker waits");
    }
    let breaks = || {
        let _broken = span_sync!("broken");
        panic!("in a pool");
    };
    jobs.send(Box::new(Context::current().carry(breaks))).expect("a worker waits");
}

#[test]
fn a_pool_works_below_whoever_handed_out_the_job_and_forgets_it() {
    let trace = capture(|| {
        let (sender, jobs) = mpsc::channel::<Job>();
        let jobs = Mutex::new(jobs);
        thread::scope(|scope| {
            let workers = [(); 2].map(|()| scope.spawn(|| work_off(&jobs)));
            hand_out(&sender);
            drop(sender);
            for worker in workers {
                worker.join().expect("nothing is left");
            }
        });
    });
    leftovers::nothing_is_left();
    assert_eq!(laws::shape_of(&trace), include_str!("traces/pool.txt"));
}

#[traced]
async fn note(n: usize) {
    set_baggage("note", n.to_string());
    for _ in 0..2 {
        drop(span_sync!("write", n));
        yield_now().await;
        assert_eq!(get_baggage("note"), Some(n.to_string()));
    }
}

#[traced]
async fn secretary() {
    let local = LocalSet::new();
    for n in 0..3 {
        local.spawn_local(Context::current().scope(note(n)));
    }
    // Without a context a task of the set works for whoever drives the set.
    local.spawn_local(async { drop(span_sync!("errand")) });
    local.await;
    assert_eq!(get_baggage("note"), None);
    drop(span_sync!("after"));
}

#[tokio::test]
async fn tasks_of_a_local_set_are_children_of_whoever_gave_them_the_context() {
    let trace = capture_async(secretary()).await;
    leftovers::nothing_is_left();
    assert_eq!(laws::shape_of(&trace), include_str!("traces/local_set.txt"));
}

#[traced]
async fn waits_for_ever() {
    set_baggage("waits", "for ever");
    drop(span_sync!("began"));
    std::future::pending::<()>().await;
}

#[traced]
async fn crew() {
    let mut crew = JoinSet::new();
    for n in 0..3 {
        crew.spawn(Context::current().scope(note(n)));
    }
    while let Some(ended) = crew.join_next().await {
        ended.expect("no note panics");
    }
    let (began, has_begun) = tokio::sync::oneshot::channel();
    crew.spawn(Context::current().scope(async {
        let mut waits = pin!(waits_for_ever());
        assert!(futures::poll!(&mut waits).is_pending());
        began.send(()).expect("the crew waits");
        waits.await;
    }));
    has_begun.await.expect("it begins");
    crew.shutdown().await;
    drop(span_sync!("after"));
}

#[test]
fn tasks_of_a_join_set_end_or_are_cancelled_below_whoever_gave_them_the_context() {
    let trace = leftovers::on_workers(2, crew());
    assert_eq!(laws::shape_of(&trace), include_str!("traces/join_set.txt"));
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Drives a future on this thread, inside whatever else drives one here: that of `futures` refuses to.
fn drive<F: Future>(future: F) -> F::Output {
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut task::Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

#[traced(extract_args)]
fn descends(depth: usize) {
    if depth > 0 {
        drive(climbs(depth));
    }
    drop(span_sync!("after", depth));
}

#[traced(extract_args)]
async fn climbs(depth: usize) {
    set_baggage("depth", depth.to_string());
    yield_now().await;
    descends(depth - 1);
    assert_eq!(get_baggage("depth"), Some(depth.to_string()));
}

#[test]
fn a_future_driven_inside_a_future_driven_on_the_same_thread_is_its_child() {
    let trace = capture(|| drive(climbs(3)));
    leftovers::nothing_is_left();
    assert_eq!(laws::text_of(&trace), include_str!("traces/driven_in_driven.txt"));
}

#[traced]
async fn blocks() {
    set_baggage("blocks", "outer");
    block_in_place(|| futures::executor::block_on(note(0)));
    block_in_place(|| Handle::current().block_on(note(1)));
    let refused = catch_unwind(|| {
        futures::executor::block_on(async { futures::executor::block_on(note(2)) });
    });
    assert!(refused.is_err(), "an executor that refuses to run in itself");
    assert_eq!(get_baggage("blocks").as_deref(), Some("outer"));
    drop(span_sync!("after"));
}

#[test]
fn a_runtime_blocked_in_place_goes_on_where_it_was() {
    let trace = leftovers::on_workers(2, blocks());
    assert_eq!(laws::text_of(&trace), include_str!("traces/block_in_place.txt"));
}
