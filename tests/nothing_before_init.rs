//! A process that has not called `init` yet: its spans are no-ops, counted for the one who asks later.

mod laws;

use exo_trace::{Context, TraceBackend, TraceConfig, init, span_async, span_sync};
use futures::executor::block_on;
use std::cell::Cell;
use std::time::Duration;

#[test]
fn what_came_before_init_was_not_evaluated_but_counted() {
    let evaluated = Cell::new(0);
    let value = || evaluated.replace(evaluated.get() + 1);
    drop(span_sync!("early", n = value()));
    assert_eq!(block_on(span_async!("early", n = value(), async { 3 })), 3);
    assert_eq!(Context::current().span_context(), None);
    assert_eq!(evaluated.get(), 0);

    let config = TraceConfig::new("late").backend(TraceBackend::Memory);
    let trace = init(config).expect("nothing records yet");
    drop(span_sync!("span", n = value()));
    let delivery = trace.flush(Duration::from_secs(60));
    assert_eq!((delivery.delivered, delivery.lost.before_init), (1, 2), "{delivery}");
    assert!(delivery.is_complete(), "what came before is no part of the promise: {delivery}");
    assert_eq!(laws::tree_of(trace.memory().expect("the memory backend")), "span n=0\n");
    assert_eq!(trace.shutdown(Duration::from_secs(60)).lost.before_init, 2);

    let trace = init(TraceConfig::new("again").backend(TraceBackend::Memory)).expect("it ended");
    assert_eq!(trace.losses().total(), 0, "another `init` counts anew");
}
