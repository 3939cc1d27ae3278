//! Parents are right whatever thread polls: workers, `join!`, `select!`, spawned tasks, threads.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;

use exo_trace::testing::{capture, capture_async};
use exo_trace::{Context, Span, TraceFuture, span_async, span_sync, traced};
use futures::StreamExt;
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{self, Waker};
use std::thread;
use tokio::task::yield_now;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

#[traced]
async fn agent(steps: u32) {
    for step in 0..steps {
        drop(span_sync!("step", step));
        yield_now().await;
    }
}

/// Polls `task` to its end, each time on a thread of its own.
fn poll_on_ever_new_threads(mut task: Task) {
    loop {
        let polled = thread::spawn(move || {
            let mut cx = task::Context::from_waker(Waker::noop());
            task.as_mut().poll(&mut cx).is_pending().then_some(task)
        });
        match polled.join().expect("no poll panics") {
            Some(again) => task = again,
            None => return,
        }
    }
}

#[test]
fn a_future_that_is_polled_on_another_thread_each_time_keeps_its_children() {
    // Outside a runtime `yield_now` is pending once, which is all that is asked of it.
    let trace = capture(|| poll_on_ever_new_threads(Box::pin(Context::current().scope(agent(3)))));
    assert_eq!(laws::text_of(&trace), "agent\n  step step=0\n  step step=1\n  step step=2\n");
}

#[test]
fn a_context_is_current_on_whatever_thread_polls() {
    let trace = capture(|| {
        let root = Span::start("root", ());
        let task = root.in_scope(Context::current).scope(async {
            drop(span_sync!("first"));
            yield_now().await;
            drop(span_sync!("second"));
        });
        poll_on_ever_new_threads(Box::pin(task));
    });
    assert_eq!(laws::text_of(&trace), "root\n  first\n  second\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_tasks_on_four_workers_keep_their_families() {
    let trace = capture_async(async {
        let tasks: Vec<_> =
            (0..100).map(|_| tokio::spawn(span_async("task", (), agent(8)))).collect();
        for task in tasks {
            task.await.expect("no task panics");
        }
    })
    .await;
    laws::text_of(&trace);
    let tasks = trace.named("task");
    assert_eq!((tasks.len(), trace.spans().len()), (100, 1_000));
    for task in tasks {
        let children = trace.children_of(task);
        let [agent] = children.as_slice() else { panic!("one agent a task, not {children:?}") };
        assert_eq!(trace.children_of(agent).len(), 8);
    }
}

#[tokio::test]
async fn branches_of_join_are_siblings() {
    let trace = capture_async(async {
        span_async!("research", async {
            let search = |name: &'static str| async move {
                let _ = span_async(name, (), agent(2)).await;
            };
            tokio::join!(search("papers"), search("news"));
        })
        .await;
    })
    .await;
    let text = "\
research
  papers
    agent
      step step=0
      step step=1
  news
    agent
      step step=0
      step step=1
";
    assert_eq!(laws::text_of(&trace), text);
}

#[tokio::test]
async fn the_loser_of_select_is_cancelled_and_no_error() {
    let trace = capture_async(async {
        tokio::select! {
            biased;
            () = span_async!("loser", std::future::pending::<()>()) => unreachable!("never ready"),
            () = span_async!("winner", async {}) => {}
        }
    })
    .await;
    assert_eq!(laws::text_of(&trace), "loser [cancelled]\n  · cancelled\nwinner\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spawned_task_runs_below_the_context_it_was_given() {
    let trace = capture_async(async {
        span_async!("parent", async {
            let given = tokio::spawn(Context::current().scope(agent(1)));
            given.await.expect("no task panics");
        })
        .await;
        let owned = Span::start("owned", ());
        tokio::spawn(agent(1).in_span(&owned)).await.expect("no task panics");
        tokio::spawn(async {}.traced("extended")).await.expect("no task panics");
    })
    .await;
    let text = "parent\n  agent\n    step step=0\nowned\n  agent\n    step step=0\nextended\n";
    assert_eq!(laws::text_of(&trace), text);
}

#[test]
fn a_thread_works_below_the_context_it_attaches() {
    let trace = capture(|| {
        let _run = span_sync!("run");
        let context = Context::current();
        let worker = thread::spawn(move || {
            let _attached = context.attach();
            drop(span_sync!("worker"));
        });
        worker.join().expect("the worker does not panic");
    });
    assert_eq!(laws::text_of(&trace), "run\n  worker\n");
}

#[test]
fn an_owned_span_ends_on_another_thread_after_its_children() {
    let trace = capture(|| {
        let run = Span::start("run", ());
        let tool = run.child("tool", ());
        let (spans, received) = mpsc::channel();
        spans.send((run, tool)).expect("the receiver waits");
        let worker = thread::spawn(move || {
            let (run, tool) = received.recv().expect("the spans were sent");
            tool.end();
            run.child("cleanup", ()).end();
            run.end();
        });
        worker.join().expect("the worker does not panic");
    });
    assert_eq!(laws::text_of(&trace), "run\n  tool\n  cleanup\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_polled_by_a_spawned_task_stays_below_its_maker() {
    let trace = capture_async(async {
        let stream = span_async!("maker", async { tokens() }).await;
        let items = tokio::spawn(stream.count()).await.expect("the task does not panic");
        assert_eq!(items, 2);
    })
    .await;
    assert_eq!(laws::text_of(&trace), "maker\n  tokens exo.stream.items=2\n    token\n    token\n");
}

#[traced]
fn tokens() -> impl futures::Stream<Item = u32> + Send {
    async_stream::stream! {
        for n in 0..2 {
            yield_now().await;
            drop(span_sync!("token"));
            yield n;
        }
    }
}
