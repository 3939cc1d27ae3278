//! Futures in spans of `tracing`, polled by several threads, have the parents they were written with.

#[path = "../laws/mod.rs"]
mod laws;
#[path = "tracing_layer/subscriber.rs"]
mod subscriber;

use exo_trace::testing::capture_async;
use exo_trace::{Context, Trace, span_sync, traced};
use futures::future::join_all;
use subscriber::{shape_of, subscribe};
use tokio::task::yield_now;
use tracing::{Instrument, info, info_span, instrument};

/// The shape of a trace whose siblings ended in an order nobody knows: its lines, sorted.
fn lines_of(trace: &Trace) -> Vec<String> {
    let mut lines: Vec<String> = shape_of(&laws::text_of(trace)).lines().map(Into::into).collect();
    lines.sort();
    lines
}

/// Each span's name with those above it.
fn paths_of(trace: &Trace) -> Vec<String> {
    let path = |span: &exo_trace::SpanData<'_>| {
        let mut path = span.name().into_owned();
        let mut parent = span.parent_span_id();
        while let Some(above) = trace.spans().iter().find(|above| Some(above.span_id()) == parent) {
            path = format!("{}/{path}", above.name());
            parent = above.parent_span_id();
        }
        path
    };
    let mut paths: Vec<String> = trace.spans().iter().map(path).collect();
    paths.sort();
    paths
}

#[instrument]
async fn fetch(page: u32) -> u32 {
    yield_now().await;
    let length = parse(page).await;
    yield_now().await;
    info!("fetched");
    length
}

#[instrument(level = "debug", skip_all)]
async fn parse(page: u32) -> u32 {
    yield_now().await;
    drop(span_sync!("tokenize"));
    page * 2
}

#[traced]
async fn crawl() -> u32 {
    let pages = (0..20).map(|page| async move {
        yield_now().await;
        fetch(page).await
    });
    join_all(pages).await.into_iter().sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_joined_in_one_task_do_not_mix() {
    subscribe();
    let trace = capture_async(async { assert_eq!(crawl().await, 380) }).await;
    let lines = lines_of(&trace);
    assert_eq!(lines.iter().filter(|line| line.starts_with("  fetch page=")).count(), 20);
    let paths = paths_of(&trace);
    let with = |path: &str| paths.iter().filter(|known| *known == path).count();
    assert_eq!(with("crawl/fetch/parse/tokenize"), 20);
    assert_eq!((with("crawl/fetch/parse"), paths.len()), (20, 61));
    for fetch in trace.named("fetch") {
        assert_eq!(fetch.events().map(|event| event.name).collect::<Vec<_>>(), ["fetched"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_that_wander_between_threads_keep_their_spans() {
    subscribe();
    let trace = capture_async(async {
        let root = info_span!("root");
        let tasks = (0..20).map(|page| {
            let task = info_span!(parent: &root, "task");
            tokio::spawn(async move { fetch(page).await }.instrument(task))
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
    })
    .await;
    let paths = paths_of(&trace);
    let with = |path: &str| paths.iter().filter(|known| *known == path).count();
    assert_eq!((with("root"), with("root/task")), (1, 20));
    assert_eq!(with("root/task/fetch/parse/tokenize"), 20);
    laws::text_of(&trace);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_of_ours_goes_on_inside_a_span_of_tracing() {
    subscribe();
    let trace = capture_async(
        async {
            let work = async {
                yield_now().await;
                info_span!("inside").in_scope(|| drop(span_sync!("leaf")));
            };
            tokio::spawn(Context::current().scope(work)).await.unwrap();
        }
        .instrument(info_span!(parent: None, "apart").or_current()),
    )
    .await;
    // What asked for no parent is a trace of its own, and so is all that goes on inside of it.
    assert_eq!(laws::text_of(&trace), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_context_that_left_takes_its_span_along() {
    subscribe();
    let trace = capture_async(async {
        let run = info_span!("run");
        let task = run.in_scope(|| {
            tokio::spawn(Context::current().scope(async {
                yield_now().await;
                info!("told by the task");
                exo_trace::Span::current().set_attribute("late", 1);
            }))
        });
        task.await.unwrap();
        drop(run);
    })
    .await;
    assert_eq!(shape_of(&laws::text_of(&trace)), "run late=1\n  · told by the task\n");
}

#[tokio::test]
async fn a_future_that_is_dropped_ends_its_span() {
    subscribe();
    let trace = capture_async(async {
        let mut page = Box::pin(fetch(1));
        let first = futures::poll!(&mut page);
        assert!(first.is_pending());
        drop(page);
        drop(info_span!("afterwards"));
    })
    .await;
    assert_eq!(shape_of(&laws::text_of(&trace)), "fetch page=1\nafterwards\n");
}
