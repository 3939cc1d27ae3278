//! A flush covers everything before the call, and its numbers are those of the spans.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;

use exo_trace::{
    Delivery, ExportError, Losses, Span, SpanData, SpanExporter, TraceBackend, TraceConfig,
    TraceGuard, init, span_sync,
};
use futures::executor::block_on;
use std::sync::mpsc::{self, Sender};
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

static ALONE: Mutex<()> = Mutex::new(());

/// Recording is the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start() -> TraceGuard {
    init(TraceConfig::new("stories").backend(TraceBackend::Memory)).expect("nothing records yet")
}

#[test]
fn each_flush_has_brought_all_spans_before_it() {
    let _alone = alone();
    let trace = start();
    let memory = trace.memory().expect("the memory backend");
    for n in 1..=200 {
        drop(span_sync!("span", n));
        laws::accounts_for(n, &trace.flush(DEADLINE));
        assert_eq!(memory.spans().len() as u64, n);
    }
    assert!(trace.shutdown(DEADLINE).is_complete());
}

#[test]
fn a_flush_brings_what_other_threads_did_before_it() {
    let _alone = alone();
    let trace = start();
    let memory = trace.memory().expect("the memory backend");
    let (done, again) = (Barrier::new(5), Barrier::new(5));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    // Marked as foreign: the drain has to hold it until a whole pass is over.
                    let span = Span::start("span", ());
                    span.in_scope(|| Span::current().set_attribute("late", "text"));
                    span.end();
                    done.wait();
                    again.wait();
                }
            });
        }
        for round in 1..=50 {
            done.wait();
            laws::accounts_for(4 * round, &trace.flush(DEADLINE));
            assert_eq!(memory.with("late", "text").len() as u64, 4 * round);
            again.wait();
        }
    });
    laws::tree_of(memory);
    laws::accounts_for(200, &trace.shutdown(DEADLINE));
}

#[test]
fn memory_holds_what_it_may_and_counts_the_rest() {
    let _alone = alone();
    let config = TraceConfig::new("small").backend(TraceBackend::Memory).memory_spans_max(10);
    let trace = init(config).expect("nothing records yet");
    (0..25).for_each(|n| drop(span_sync!("span", n)));
    let delivery = trace.flush(DEADLINE);
    let memory = trace.memory().expect("the memory backend");
    assert_eq!((memory.spans().len(), memory.refused()), (10, 15));
    assert_eq!((delivery.delivered, delivery.lost.export_failed), (10, 15));
    assert!(!delivery.is_complete());
    assert_eq!(
        delivery.to_string(),
        "10 spans delivered, 0 queued, 15 spans a destination failed to deliver"
    );
    memory.clear();
    drop(span_sync!("room again"));
    laws::accounts_for(26, &trace.shutdown(DEADLINE));
    assert_eq!(laws::tree_of(memory), "room again\n");
}

/// Waits for permission to take each batch.
struct Slow {
    permitted: mpsc::Receiver<()>,
    reached: Sender<()>,
}

impl SpanExporter for Slow {
    fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
        let _ = self.reached.send(());
        let _ = self.permitted.recv();
        Ok(())
    }
}

#[test]
fn a_queue_that_is_full_refuses_batches_and_counts_their_spans() {
    let _alone = alone();
    let (permit, permitted) = mpsc::channel();
    let (reached, is_reached) = mpsc::channel();
    let exporter = Slow { permitted, reached };
    let config = TraceConfig::new("slow").exporter(exporter).backend(TraceBackend::Memory);
    let trace = init(config.memory_spans_max(1)).expect("nothing records yet");
    let mut begun = 0;
    drop(span_sync!("first"));
    let _ = trace.flush(Duration::ZERO);
    is_reached.recv().expect("it has the first batch");
    while trace.losses().queue_full == 0 {
        // A text in each, so that the queue's bytes are used up soon; few enough for the ring.
        (0..100).for_each(|n| drop(span_sync!("span", n, text = %"x".repeat(2_000))));
        begun += 100;
        let _ = trace.flush(Duration::from_millis(1));
    }
    drop(permit);
    let delivery = trace.shutdown(DEADLINE);
    let Losses { queue_full, export_failed, .. } = delivery.lost;
    let dispatched = begun + 1 - delivery.lost.spans();
    // Memory took one span and failed all others; the slow one took what its queue had room for.
    let memory_saw = 1 + export_failed;
    assert!(queue_full > 0 && memory_saw <= dispatched, "{delivery}");
    assert!(dispatched - memory_saw <= queue_full, "{delivery}");
}

#[test]
fn a_deadline_past_the_end_of_time_waits_as_long_as_it_takes() {
    let _alone = alone();
    let trace = start();
    drop(span_sync!("first"));
    laws::accounts_for(1, &trace.flush(Duration::MAX));
    drop(span_sync!("second"));
    laws::accounts_for(2, &block_on(trace.flush_async(Duration::MAX)));
    let delivery = block_on(trace.shutdown_async(Duration::MAX));
    assert!(delivery.is_complete(), "{delivery}");
    assert_eq!(trace.shutdown(Duration::MAX), delivery);
}

#[test]
fn nothing_to_flush_is_a_complete_delivery_of_nothing() {
    let _alone = alone();
    let trace = start();
    let delivery = trace.flush(DEADLINE);
    assert!(delivery.is_complete());
    assert_eq!(delivery, Delivery::default());
    assert_eq!(delivery.to_string(), "0 spans delivered, 0 queued, nothing lost");
    assert_eq!(trace.shutdown(DEADLINE), Delivery::default());
}
