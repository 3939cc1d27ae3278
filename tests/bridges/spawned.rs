//! Tasks and threads that inherit the context of whoever spawned them.

use exo_trace::bridge::thread;
use exo_trace::bridge::tokio::{spawn, spawn_blocking};
use exo_trace::testing::capture_async;
use exo_trace::{Context, span_async, span_sync, traced};

#[traced]
async fn plan() {
    let search = spawn(span_async!("search", {
        spawn_blocking(|| drop(span_sync!("read"))).await.unwrap();
    }));
    search.await.unwrap();
    thread::spawn(|| drop(span_sync!("count"))).join().unwrap();
    let sum = Context::current().carry(|| drop(span_sync!("sum")));
    std::thread::spawn(sum).join().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spawned_task_goes_on_where_it_was_spawned() {
    let trace = capture_async(plan()).await;
    assert_eq!(trace.to_text(), "plan\n  search\n    read\n  count\n  sum\n");
}
