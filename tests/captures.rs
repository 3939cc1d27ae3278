//! Captures run side by side: each sees the spans under its own root, and no others.

mod laws;

use exo_trace::testing::{capture, capture_async};
use exo_trace::{Context, span_async, span_sync};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::thread;

#[test]
fn captures_of_parallel_threads_see_only_their_own_spans() {
    let together = Barrier::new(8);
    thread::scope(|scope| {
        for own in 0..8 {
            let together = &together;
            scope.spawn(move || {
                for round in 0..20 {
                    together.wait();
                    let trace = capture(|| {
                        let _run = span_sync!("run", own, round);
                        drop(span_sync!("step", own));
                    });
                    let text = format!("run own={own} round={round}\n  step own={own}\n");
                    assert_eq!(laws::text_of(&trace), text);
                }
            });
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn captures_of_parallel_tasks_see_only_their_own_spans() {
    let tasks: Vec<_> = (0..16)
        .map(|own: i64| {
            tokio::spawn(async move {
                let trace = capture_async(async {
                    span_async!("run", own, {
                        tokio::task::yield_now().await;
                        let step = span_async("step", (), async {});
                        tokio::spawn(step).await.expect("no task panics");
                    })
                    .await;
                })
                .await;
                assert_eq!(laws::text_of(&trace), format!("run own={own}\n  step\n"));
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("every capture sees its own");
    }
}

#[test]
fn a_capture_in_a_capture_is_a_trace_of_its_own() {
    let mut inner = None;
    let outer = capture(|| {
        let _before = span_sync!("before");
        inner = Some(capture(|| drop(span_sync!("inner"))));
        drop(span_sync!("after"));
    });
    assert_eq!(laws::text_of(&outer), "before\n  after\n");
    assert_eq!(inner.as_ref().map(laws::text_of).as_deref(), Some("inner\n"));
}

#[test]
fn a_capture_that_panics_leaves_nothing_current_and_the_next_one_works() {
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        capture(|| {
            let _span = span_sync!("span");
            panic!("in a test");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(Context::current().span_context(), None);
    let trace = capture(|| drop(span_sync!("next")));
    assert_eq!(laws::text_of(&trace), "next\n");
}

#[test]
fn a_capture_of_nothing_is_empty() {
    let trace = capture(|| ());
    assert_eq!((trace.spans().len(), laws::text_of(&trace)), (0, String::new()));
}

#[test]
fn the_words_of_a_trace_are_found_by_name_and_by_parent() {
    let trace = capture(|| {
        let _run = span_sync!("run");
        drop(span_sync!("step", n = 1));
        drop(span_sync!("step", n = 2));
    });
    let [run] = trace.named("run")[..] else { panic!("one run") };
    let steps = trace.children_of(run);
    assert_eq!(
        steps.iter().map(|step| step.attribute("n")).collect::<Vec<_>>(),
        [Some(1.into()), Some(2.into())]
    );
    assert!(trace.children_of(steps[0]).is_empty());
}
