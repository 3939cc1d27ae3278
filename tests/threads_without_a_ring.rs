//! A thread that gets no ring loses its spans, inside another thread's context too, and counts each.

use exo_trace::{Context, TraceBackend, TraceConfig, init, span_sync};
use std::time::Duration;

const SPANS: u64 = 100;

#[test]
fn spans_in_a_borrowed_context_are_counted_where_there_is_no_ring() {
    let config = TraceConfig::new("stories").backend(TraceBackend::Memory).threads_max(1);
    let trace = init(config).expect("nothing records yet");
    let run = span_sync!("run");
    let context = Context::current();
    let worker = std::thread::spawn(move || {
        let _attached = context.attach();
        let text = std::hint::black_box("made at run time");
        for _ in 0..SPANS {
            let span = span_sync!("lost", text);
            span.set_attribute("late", 1);
        }
    });
    worker.join().expect("the worker does not panic");
    drop(run);
    let delivery = trace.flush(Duration::from_secs(20));
    assert_eq!(trace.memory().expect("the memory backend").spans().len(), 1);
    // Each span, its text and its late attribute.
    assert_eq!(delivery.lost.no_lane, 3 * SPANS, "{delivery}");
    assert!(!delivery.is_complete());
}
