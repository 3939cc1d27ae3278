//! Tasks that spawn tasks, block and go to pools: parents, cancellations and baggage stay with their work.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

#[path = "../laws/mod.rs"]
mod laws;
#[path = "../laws/leftovers.rs"]
mod leftovers;

use exo_trace::bridge::tokio::{spawn, spawn_blocking, spawn_local};
use exo_trace::propagation::{get_baggage, set_baggage};
use exo_trace::testing::{capture, capture_async};
use exo_trace::{Context, span_async, span_sync, traced};
use futures::future::BoxFuture;
use std::future::pending;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, LocalSet, yield_now};

fn work() -> Option<String> {
    get_baggage("work")
}

#[traced]
async fn plan(depth: usize) {
    assert_eq!(work(), (depth < 3).then(|| format!("below {}", depth + 1)));
    set_baggage("work", format!("below {depth}"));
    if depth > 0 {
        let tasks = [spawn(boxed(depth - 1)), spawn(boxed(depth - 1))];
        set_baggage("work", "afterwards");
        for task in tasks {
            task.await.expect("no plan panics");
        }
        assert_eq!(work().as_deref(), Some("afterwards"));
    }
    drop(span_sync!("settle", depth));
}

/// A plan that plans can hold.
fn boxed(depth: usize) -> BoxFuture<'static, ()> {
    Box::pin(plan(depth))
}

#[test]
fn tasks_that_spawn_tasks_make_a_tree_and_inherit_baggage_as_it_was() {
    let trace = leftovers::on_workers(2, plan(3));
    assert_eq!(laws::shape_of(&trace), include_str!("../traces/spawn_in_spawn.txt"));
}

#[traced]
async fn outlives(parent_has_ended: oneshot::Receiver<()>) {
    parent_has_ended.await.expect("the parent ends");
    drop(span_sync!("late"));
}

#[traced]
async fn lets_go() -> (oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let (ended, parent_has_ended) = oneshot::channel();
    (ended, spawn(outlives(parent_has_ended)))
}

#[test]
fn a_task_that_outlives_whoever_spawned_it_stays_its_child() {
    let trace = leftovers::on_workers(2, async {
        let (ended, task) = lets_go().await;
        ended.send(()).expect("the task waits");
        task.await.expect("it ends well");
    });
    assert_eq!(laws::text_of(&trace), include_str!("../traces/task_let_go.txt"));
}

#[traced]
async fn never(began: oneshot::Sender<()>) {
    set_baggage("work", "never done");
    let _cleanup = OnDrop;
    began.send(()).expect("somebody waits");
    pending::<()>().await;
}

/// Works while its task is dropped, by whatever thread aborts it.
struct OnDrop;

impl Drop for OnDrop {
    fn drop(&mut self) {
        assert_eq!(work().as_deref(), Some("never done"));
        drop(span_sync!("cleanup"));
    }
}

#[traced]
async fn changes_its_mind() {
    let (began, has_begun) = oneshot::channel();
    let task = spawn(never(began));
    has_begun.await.expect("it begins");
    task.abort();
    assert!(task.await.expect_err("it was aborted").is_cancelled());
    assert_eq!(work(), None);
    drop(span_sync!("after"));
}

#[test]
fn an_aborted_task_is_cancelled_and_cleans_up_inside_its_span() {
    let trace = leftovers::on_workers(2, changes_its_mind());
    assert_eq!(laws::shape_of(&trace), include_str!("../traces/aborted_task.txt"));
}

#[traced]
fn reads(n: usize) -> Option<String> {
    drop(span_sync!("line", n));
    set_baggage("work", "reads");
    Handle::current().block_on(spawn(asks(n))).expect("no question panics")
}

#[traced]
async fn asks(n: usize) -> Option<String> {
    yield_now().await;
    drop(span_sync!("question", n));
    work()
}

#[traced]
async fn librarian() {
    set_baggage("work", "librarian");
    for n in 0..2 {
        let asked = spawn_blocking(move || reads(n)).await.expect("nothing panics");
        assert_eq!(asked.as_deref(), Some("reads"));
    }
    assert_eq!(work().as_deref(), Some("librarian"));
    let left = tokio::task::spawn_blocking(leftovers::nothing_is_left).await;
    left.expect("nothing is left on the threads that block");
}

#[test]
fn blocking_work_is_a_child_and_so_are_the_tasks_that_it_spawns() {
    let trace = leftovers::on_workers(2, librarian());
    assert_eq!(laws::text_of(&trace), include_str!("../traces/spawn_blocking.txt"));
}

#[traced]
async fn desk() -> JoinHandle<Option<String>> {
    spawn_local(async {
        set_baggage("work", "local");
        spawn_local(asks(0)).await.expect("no question panics")
    })
}

#[tokio::test]
async fn local_tasks_are_children_of_whoever_spawned_them_and_not_of_whoever_drives_the_set() {
    let trace = capture_async(async {
        let local = LocalSet::new();
        let task = local.run_until(desk()).await;
        let asked = span_async!("driver", local.run_until(task)).await;
        assert_eq!(asked.expect("nothing panics").as_deref(), Some("local"));
        assert_eq!(work(), None);
    })
    .await;
    leftovers::nothing_is_left();
    assert_eq!(laws::shape_of(&trace), include_str!("../traces/spawn_local.txt"));
}

#[traced(extract_args)]
fn counts(numbers: &[u32]) -> u32 {
    match numbers {
        [] => 0,
        [one] => *one,
        _ => {
            let (left, right) = numbers.split_at(numbers.len() / 2);
            let (here, there) = (Context::current(), Context::current());
            set_baggage("work", "counted elsewhere");
            let (left, right) =
                rayon::join(here.carry(|| counts(left)), there.carry(|| counts(right)));
            left + right
        }
    }
}

#[test]
fn halves_that_a_pool_may_steal_are_children_of_the_whole() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("a pool can be built");
    let trace = capture(|| {
        let sum = pool.install(Context::current().carry(|| counts(&[1, 2, 3, 4])));
        assert_eq!(sum, 10);
    });
    pool.broadcast(|_| leftovers::nothing_is_left());
    leftovers::nothing_is_left();
    assert_eq!(laws::shape_of(&trace), include_str!("../traces/rayon.txt"));
}
