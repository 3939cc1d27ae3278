//! What is said of a span that has left is counted, and what is said as it leaves is not lost.

mod laws;

use exo_trace::{Span, TraceBackend, TraceConfig, init, span_sync};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

#[test]
fn a_fact_is_delivered_with_its_span_or_counted_as_late() {
    let trace = init(TraceConfig::new("late").backend(TraceBackend::Memory)).expect("it starts");
    let memory = trace.memory().expect("the memory backend");

    let gone = {
        let _span = span_sync!("gone");
        Span::current()
    };
    assert!(trace.flush(DEADLINE).is_complete());
    gone.set_attribute("too", "late");
    gone.add_event("too late", ());
    gone.record_error("too late");
    let delivery = trace.flush(DEADLINE);
    assert_eq!(delivery.lost.late_orphaned, 3, "{delivery}");
    assert_eq!(laws::tree_of(memory), "gone\n");
    memory.clear();

    // In a race with the end, each fact is either on its span or counted.
    let rounds = 500;
    let together = Barrier::new(2);
    for _ in 0..rounds {
        let span = span_sync!("race");
        let current = Span::current();
        thread::scope(|scope| {
            scope.spawn(|| {
                together.wait();
                current.set_attribute("in", "time");
            });
            together.wait();
            drop(span);
        });
    }
    let delivery = trace.flush(DEADLINE);
    let in_time = memory.with("in", "time").len() as u64;
    assert_eq!(memory.named("race").len(), rounds);
    assert_eq!(in_time + delivery.lost.late_orphaned - 3, rounds as u64, "{delivery}");
    assert_eq!(delivery.lost.total(), delivery.lost.late_orphaned, "{delivery}");
    laws::tree_of(memory);
}
