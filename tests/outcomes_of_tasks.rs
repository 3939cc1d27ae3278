//! How tasks end is told truly: a panic that the runtime catches, a time-out, an abort.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;

use exo_trace::testing::capture_async;
use exo_trace::{Context, Span, Status, span_sync, traced};
use std::time::Duration;
use tokio::sync::oneshot;

#[traced]
async fn panics() {
    let _inside = span_sync!("inside");
    tokio::task::yield_now().await;
    panic!("in a task");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_that_the_runtime_catches_is_told_by_its_span() {
    let trace = capture_async(async {
        let task = tokio::spawn(Context::current().scope(broken()));
        assert!(task.await.expect_err("it panics").is_panic());
    })
    .await;
    laws::text_of(&trace);
    let span = trace.named("broken")[0];
    assert_eq!(span.status(), Status::error("in a task"));
    assert_eq!(span.attribute("exo.outcome"), Some("panic".into()));
}

#[traced]
async fn broken() {
    tokio::task::yield_now().await;
    panic!("in a task");
}

#[tokio::test]
async fn a_guard_held_across_an_await_degrades_and_nothing_breaks() {
    let trace = capture_async(async {
        let local = tokio::task::LocalSet::new();
        let task = local.spawn_local(Context::current().scope(panics()));
        local.run_until(async { assert!(task.await.is_err()) }).await;
        drop(span_sync!("after"));
    })
    .await;
    laws::text_of(&trace);
    assert_eq!(trace.spans().len(), 3, "{}", trace.to_text());
    assert_eq!(trace.named("panics")[0].status(), Status::error("in a task"));
}

#[traced]
async fn slow() {
    Span::current().set_attribute("began", true);
    std::future::pending::<()>().await;
}

#[tokio::test(start_paused = true)]
async fn a_time_out_cancels_and_is_no_error() {
    let trace = capture_async(async {
        assert!(tokio::time::timeout(Duration::from_secs(60), slow()).await.is_err());
    })
    .await;
    assert_eq!(laws::text_of(&trace), "slow [cancelled] began=true\n  · cancelled\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_aborted_task_is_cancelled() {
    let trace = capture_async(async {
        let (began, has_begun) = oneshot::channel();
        let task = tokio::spawn(Context::current().scope(waits(began)));
        has_begun.await.expect("the task begins");
        task.abort();
        assert!(task.await.expect_err("it was aborted").is_cancelled());
    })
    .await;
    assert_eq!(laws::text_of(&trace), "waits [cancelled]\n  · cancelled\n");
}

#[traced]
async fn waits(began: oneshot::Sender<()>) {
    began.send(()).expect("the test waits");
    std::future::pending::<()>().await;
}
