//! Futures that take turns in one task, on whatever worker: each keeps its children and what it says.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;
#[path = "laws/leftovers.rs"]
mod leftovers;

use exo_trace::propagation::{get_baggage, set_baggage};
use exo_trace::{Context, span_sync, traced};
use futures::StreamExt;
use futures::future::{join_all, pending};
use futures::stream::FuturesUnordered;
use tokio::sync::oneshot;
use tokio::task::yield_now;

/// Says who it is, and finds it said after each await.
#[traced(extract_args)]
async fn search(n: usize) -> usize {
    set_baggage("search", n.to_string());
    for _ in 0..3 {
        drop(span_sync!("read"));
        yield_now().await;
        assert_eq!(get_baggage("search"), Some(n.to_string()));
    }
    n
}

#[traced]
async fn gather() {
    let found = join_all((0..4).map(search)).await;
    assert_eq!(found, [0, 1, 2, 3]);
    assert_eq!(get_baggage("search"), None);
    drop(span_sync!("summarise"));
}

#[test]
fn futures_joined_on_two_workers_are_siblings() {
    let trace = leftovers::on_workers(2, gather());
    assert_eq!(laws::text_of(&trace), include_str!("traces/join_all.txt"));
}

#[test]
fn ten_tasks_that_gather_at_once_are_ten_families() {
    let trace = leftovers::on_workers(2, async {
        let tasks = (0..10).map(|_| tokio::spawn(Context::current().scope(gather())));
        for task in join_all(tasks).await {
            task.expect("no task panics");
        }
    });
    assert_eq!(laws::text_of(&trace), include_str!("traces/join_all.txt").repeat(10));
}

#[traced(extract_args)]
async fn answer(n: usize, last: usize) -> usize {
    set_baggage("answer", n.to_string());
    if n == last {
        pending::<()>().await;
    }
    search(n).await
}

#[traced]
async fn first_two() {
    let mut running: FuturesUnordered<_> = (0..3).map(|n| answer(n, 2)).collect();
    for _ in 0..2 {
        running.next().await.expect("two of them end");
        drop(span_sync!("take"));
    }
    drop(running);
    drop(span_sync!("after"));
}

#[test]
fn what_is_taken_from_unordered_futures_is_the_takers_and_the_rest_is_cancelled() {
    let trace = leftovers::on_workers(2, first_two());
    assert_eq!(laws::shape_of(&trace), include_str!("traces/futures_unordered.txt"));
}

#[traced]
async fn loses(never: oneshot::Receiver<()>) {
    set_baggage("branch", "loses");
    let _cleanup = OnDrop;
    let _ = search_until(never).await;
}

#[traced]
async fn search_until(end: oneshot::Receiver<()>) -> Result<(), oneshot::error::RecvError> {
    set_baggage("search", "until");
    end.await
}

#[traced]
async fn wins() {
    set_baggage("branch", "wins");
    yield_now().await;
}

/// Works while the future that holds it is dropped.
struct OnDrop;

impl Drop for OnDrop {
    fn drop(&mut self) {
        assert_eq!(get_baggage("branch").as_deref(), Some("loses"));
        drop(span_sync!("cleanup"));
    }
}

#[traced]
async fn select() {
    let (_never, end) = oneshot::channel();
    tokio::select! {
        biased;
        () = loses(end) => unreachable!("it never ends"),
        () = wins() => drop(span_sync!("chosen")),
    }
    assert_eq!(get_baggage("branch"), None);
    drop(span_sync!("after"));
}

#[test]
fn what_loses_a_select_is_cancelled_with_all_below_it_and_cleans_up_inside_its_span() {
    let trace = leftovers::on_workers(2, select());
    assert_eq!(laws::text_of(&trace), include_str!("traces/select.txt"));
}

#[async_trait::async_trait]
trait Tool: Send + Sync {
    async fn call(&self, input: &str) -> Result<usize, String>;
}

struct Length;
struct Refusal;
struct Silence;

#[async_trait::async_trait]
impl Tool for Length {
    #[traced(name = "length", extract_args)]
    async fn call(&self, input: &str) -> Result<usize, String> {
        Ok(search(input.len()).await)
    }
}

#[async_trait::async_trait]
impl Tool for Refusal {
    #[traced(name = "refusal", skip(self))]
    async fn call(&self, _: &str) -> Result<usize, String> {
        yield_now().await;
        Err("refused".into())
    }
}

#[async_trait::async_trait]
impl Tool for Silence {
    #[traced(name = "silence")]
    async fn call(&self, _: &str) -> Result<usize, String> {
        pending().await
    }
}

#[traced]
async fn agent(tools: Vec<Box<dyn Tool>>) {
    let mut calls: FuturesUnordered<_> = tools.iter().map(|tool| tool.call("abc")).collect();
    for _ in 1..tools.len() {
        let _ = calls.next().await.expect("all but one end");
    }
}

#[test]
fn tools_behind_objects_end_each_in_its_own_way() {
    let tools: Vec<Box<dyn Tool>> = vec![Box::new(Length), Box::new(Refusal), Box::new(Silence)];
    let trace = leftovers::on_workers(2, agent(tools));
    assert_eq!(laws::shape_of(&trace), include_str!("traces/async_trait_objects.txt"));
}
