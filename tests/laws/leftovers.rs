//! Stories on a runtime of their own, after which no thread of it may know of a span or of baggage.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::propagation::baggage;
use exo_trace::testing::capture_async;
use exo_trace::{Context, Trace};
use std::sync::{Arc, Barrier};
use tokio::runtime::{Builder, Runtime};

/// Runs `story` as a task on a runtime of `workers` threads and returns its trace.
///
/// Afterwards it meets with every worker at once, so that each of them was asked what is left there.
pub(crate) fn on_workers(
    workers: usize,
    story: impl Future<Output = ()> + Send + 'static,
) -> Trace {
    let runtime = Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    let runtime = runtime.expect("a runtime can be built");
    let trace = runtime.block_on(runtime.spawn(capture_async(story)));
    nothing_is_left_on(&runtime, workers);
    trace.expect("the story does not panic")
}

fn nothing_is_left_on(runtime: &Runtime, workers: usize) {
    let all = Arc::new(Barrier::new(workers));
    let asked: Vec<_> = (0..workers)
        .map(|_| {
            let all = Arc::clone(&all);
            runtime.spawn(async move {
                all.wait();
                nothing_is_left();
            })
        })
        .collect();
    for task in asked {
        runtime.block_on(task).expect("nothing is left");
    }
    nothing_is_left();
}

/// Checks that the calling thread has neither a current span nor baggage.
pub(crate) fn nothing_is_left() {
    assert_eq!(Context::current().span_context(), None, "a span is left");
    assert!(baggage().is_empty(), "baggage is left: {:?}", baggage());
}
