//! Across threads, tasks and polls.

use crate::merged::{tree_of, tree_of_async};
use exo_trace::bridge::tokio::{spawn, spawn_blocking};
use exo_trace::{Context, TraceFuture, span_async, span_sync, traced};
use futures::{Stream, StreamExt, stream};
use opentelemetry::trace::{FutureExt, TraceContextExt, Tracer};
use opentelemetry_sdk::trace::SdkTracer;
use std::future::poll_fn;
use std::task::{Context as TaskContext, Poll, Waker};
use tokio::task::yield_now;

#[test]
fn a_context_of_either_goes_on_on_another_thread() {
    let tree = tree_of(|theirs| {
        let _run = span_sync!("run");
        let ours = Context::current();
        let seen = opentelemetry::Context::current();
        std::thread::scope(|scope| {
            let theirs = &theirs;
            scope.spawn(move || {
                let _attached = ours.attach();
                theirs.in_span("by_ours", |_| drop(span_sync!("in_by_ours")));
            });
            scope.spawn(move || {
                let _attached = seen.attach();
                drop(span_sync!("by_theirs"));
                theirs.in_span("by_theirs_too", |_| ());
            });
        });
    });
    assert_eq!(tree, "run\n  [by_ours]\n    in_by_ours\n  [by_theirs_too]\n  by_theirs\n");
}

#[traced]
async fn search(theirs: SdkTracer, query: u32) {
    yield_now().await;
    theirs.in_span(format!("GET {query}"), |_| drop(span_sync!("read")));
    yield_now().await;
    let context = opentelemetry::Context::current_with_span(theirs.start(format!("POST {query}")));
    async { span_async!("write", yield_now()).await }.with_context(context).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn futures_that_take_turns_keep_apart() {
    let tree = tree_of_async(|theirs| async move {
        tokio::join!(search(theirs.clone(), 1), search(theirs.clone(), 2));
    });
    let half = |n| format!("search\n  [GET {n}]\n    read\n  [POST {n}]\n    write\n");
    let tree = tree.await;
    assert!(tree == half(1) + &half(2) || tree == half(2) + &half(1), "{tree}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_go_on_below_whoever_spawned_them_by_either_means() {
    let tree = tree_of_async(|theirs| async move {
        let run = async {
            let ours = spawn(search(theirs.clone(), 1));
            let named = async { span_async!("named", yield_now()).await };
            let both = tokio::spawn(named.with_current_context());
            let (inner, blocking) = (theirs.clone(), theirs.clone());
            let blocked = spawn_blocking(move || blocking.in_span("blocking", |_| ()));
            let context = opentelemetry::Context::current_with_span(inner.start("job"));
            let job = async move {
                yield_now().await;
                drop(span_sync!("in_job"));
            };
            let job = tokio::spawn(job.with_context(context));
            ours.await.unwrap();
            both.await.unwrap();
            blocked.await.unwrap();
            job.await.unwrap();
        };
        run.traced("run").await;
    });
    let search = "  search\n    [GET 1]\n      read\n    [POST 1]\n      write\n";
    let expected = format!("run\n  [blocking]\n  [job]\n    in_job\n  named\n{search}");
    assert_eq!(tree.await, expected);
}

#[tokio::test]
async fn a_future_of_ours_inside_one_of_theirs_is_below_it_at_every_poll() {
    let tree = tree_of_async(|theirs| async move {
        let context = opentelemetry::Context::current_with_span(theirs.start("outer"));
        let ours = async {
            yield_now().await;
            theirs.in_span("inner", |_| ());
            yield_now().await;
            drop(span_sync!("leaf"));
        };
        async { ours.traced("ours").await }.with_context(context).await;
    });
    assert_eq!(tree.await, "[outer]\n  ours\n    [inner]\n    leaf\n");
}

#[traced]
fn numbers(theirs: SdkTracer) -> impl Stream<Item = u32> {
    stream::iter(0..3).map(move |number| {
        theirs.in_span(format!("item {number}"), |_| drop(span_sync!("parse")));
        number
    })
}

#[test]
fn a_stream_is_the_parent_wherever_it_is_polled() {
    let tree = tree_of(|theirs| {
        let mut stream = Box::pin(numbers(theirs.clone()));
        for _ in 0..3 {
            drop(span_sync!("consumer"));
            stream = std::thread::scope(|scope| {
                let polled = scope.spawn(move || {
                    let mut context = TaskContext::from_waker(Waker::noop());
                    assert!(stream.poll_next_unpin(&mut context).is_ready());
                    stream
                });
                polled.join().unwrap()
            });
        }
    });
    let items = "  [item 0]\n    parse\n  [item 1]\n    parse\n  [item 2]\n    parse\n";
    assert_eq!(tree, format!("consumer\nconsumer\nconsumer\nnumbers\n{items}"));
}

#[tokio::test]
async fn a_future_that_is_dropped_halfway_takes_its_context_along() {
    let tree = tree_of_async(|theirs| async move {
        let mut half = Box::pin(search(theirs.clone(), 1));
        poll_fn(|cx| {
            let _ = half.as_mut().poll(cx);
            Poll::Ready(())
        })
        .await;
        theirs.in_span("meanwhile", |_| ());
        drop(half);
        theirs.in_span("after", |_| drop(span_sync!("last")));
    });
    assert_eq!(tree.await, "[after]\n  last\n[meanwhile]\nsearch\n");
}
