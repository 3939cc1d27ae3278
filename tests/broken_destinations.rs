//! Consumers and exporters that panic, fail, block or call back harm nobody else and are counted.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod deadlines;
mod laws;

use exo_trace::{
    Delivery, ExportError, SpanConsumer, SpanData, SpanExporter, TraceBackend, TraceConfig,
    TraceGuard, clear_consumers, init, register_consumer, span_sync, unregister_consumer,
};
use futures::executor::block_on;
use std::panic::panic_any;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(60);

static ALONE: Mutex<()> = Mutex::new(());

/// Recording and the list of consumers are the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    clear_consumers();
    alone
}

fn start() -> TraceGuard {
    init(TraceConfig::new("stories").backend(TraceBackend::Memory)).expect("nothing records yet")
}

fn start_with(exporter: impl SpanExporter) -> TraceGuard {
    init(TraceConfig::new("stories").exporter(exporter)).expect("nothing records yet")
}

fn ten_spans() {
    (0..10).for_each(|n| drop(span_sync!("span", n)));
}

struct PanicsAtOdd;

impl SpanConsumer for PanicsAtOdd {
    fn consume(&self, span: &SpanData<'_>) {
        let n = span.attribute("n");
        let is_odd = [1, 3, 5, 7, 9].map(|odd| Some(odd.into())).contains(&n);
        assert!(!is_odd, "odd");
    }
}

#[test]
fn a_consumer_that_panics_loses_that_span_and_sees_the_next() {
    let _alone = alone();
    register_consumer(PanicsAtOdd);
    let trace = start();
    ten_spans();
    let delivery = deadlines::shutdown("a consumer that panics", &trace, DEADLINE);
    assert_eq!((delivery.delivered, delivery.lost.export_failed), (5, 5), "{delivery}");
    assert_eq!(trace.memory().expect("the memory backend").spans().len(), 10);
}

/// Waits in `consume` until its channel is closed.
struct Blocks {
    reached: Sender<()>,
    released: Mutex<Receiver<()>>,
}

impl SpanConsumer for Blocks {
    fn consume(&self, _: &SpanData<'_>) {
        let _ = self.reached.send(());
        let _ = self.released.lock().expect("nobody panics").recv();
    }
}

#[test]
fn a_consumer_that_blocks_holds_up_neither_the_work_nor_the_other_destinations() {
    let _alone = alone();
    let (reached, is_reached) = mpsc::channel();
    let (release, released) = mpsc::channel();
    register_consumer(Blocks { reached, released: Mutex::new(released) });
    let trace = start();
    ten_spans();
    let blocked = trace.flush(Duration::ZERO);
    is_reached.recv().expect("it blocks");
    assert!(!blocked.is_complete());
    let memory = trace.memory().expect("the memory backend").clone();
    ten_spans();
    let end = deadlines::shutdown("a consumer that blocks", &trace, Duration::from_millis(50));
    assert!(!end.is_complete());
    assert_eq!(memory.spans().len(), 20, "memory had it all meanwhile");
    assert_eq!((end.delivered, end.queued, end.lost.abandoned), (0, 0, 20), "{end}");
    drop(release);
}

/// Asks the guard of its own process for a flush, and for the end.
struct Flushes {
    trace: Arc<OnceLock<TraceGuard>>,
    came_back: Sender<Delivery>,
}

impl SpanConsumer for Flushes {
    fn consume(&self, _: &SpanData<'_>) {
        if let Some(trace) = self.trace.get() {
            let _ = self.came_back.send(trace.flush(DEADLINE));
            let _ = self.came_back.send(trace.shutdown(DEADLINE));
        }
    }
}

#[test]
fn a_flush_from_inside_a_consumer_returns_at_once_and_incomplete() {
    let _alone = alone();
    let (came_back, deliveries) = mpsc::channel();
    let trace = Arc::new(OnceLock::new());
    register_consumer(Flushes { trace: Arc::clone(&trace), came_back });
    let guard = trace.get_or_init(start);
    drop(span_sync!("span"));
    let delivery = guard.flush(DEADLINE);
    assert!(delivery.is_complete(), "{delivery}");
    for inside in deliveries.try_iter().collect::<Vec<_>>() {
        assert!(!inside.is_complete(), "{inside}");
    }
    drop(span_sync!("another"));
    // The shutdown waits for the consumer, which asks for a flush meanwhile.
    let end = deadlines::shutdown("a consumer that flushes", guard, DEADLINE);
    laws::accounts_for(2, &end);
    assert_eq!(deliveries.try_iter().count(), 2);
}

/// Fails every other batch, and says of some how much was lost.
struct Fails {
    results: Vec<Result<(), ExportError>>,
}

impl SpanExporter for Fails {
    fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
        self.results.pop().unwrap_or(Ok(()))
    }
}

#[test]
fn an_exporter_that_fails_is_counted_by_what_it_says() {
    let _alone = alone();
    let whole = Err(ExportError::new("connection refused"));
    let some = Err(ExportError::of_spans("partial success", 3));
    let trace = start_with(Fails { results: vec![some, Ok(()), whole] });
    for _ in 0..3 {
        ten_spans();
        let _ = trace.flush(DEADLINE);
    }
    let delivery = deadlines::shutdown("an exporter that fails", &trace, DEADLINE);
    // A pass of the drain may cut ten spans in two batches.
    laws::accounts_for(30, &delivery);
    assert!((1..=13).contains(&delivery.lost.export_failed), "{delivery}");
}

struct Panics;

impl SpanExporter for Panics {
    fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
        panic!("while exporting")
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        panic!("while flushing")
    }

    fn tick(&mut self) -> Result<(), ExportError> {
        panic!("while idle")
    }

    fn next_tick(&self) -> Option<Duration> {
        panic!("while asked for its next tick")
    }

    fn shutdown(&mut self) -> Result<(), ExportError> {
        panic!("while shutting down")
    }
}

#[test]
fn an_exporter_that_panics_at_everything_loses_its_spans_and_nothing_else() {
    let _alone = alone();
    let config = TraceConfig::new("stories").backend(TraceBackend::Memory).exporter(Panics);
    let trace = init(config).expect("nothing records yet");
    ten_spans();
    let flushed = trace.flush(DEADLINE);
    assert_eq!((flushed.delivered, flushed.lost.export_failed), (0, 10), "{flushed}");
    ten_spans();
    let delivery = deadlines::shutdown("an exporter that panics at everything", &trace, DEADLINE);
    assert_eq!((delivery.delivered, delivery.lost.export_failed), (0, 20), "{delivery}");
    assert_eq!(trace.memory().expect("the memory backend").spans().len(), 20);
}

#[test]
fn a_flush_on_another_thread_keeps_its_own_deadline_while_a_shutdown_waits() {
    let _alone = alone();
    let (reached, is_reached) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    register_consumer(Blocks { reached, released: Mutex::new(released) });
    let trace = start();
    drop(span_sync!("span"));
    thread::scope(|scope| {
        let ends = scope.spawn(|| trace.shutdown(DEADLINE));
        is_reached.recv().expect("it blocks");
        assert!(!trace.flush(Duration::ZERO).is_complete());
        let began = Instant::now();
        let waits = scope.spawn(|| trace.flush(10 * DEADLINE));
        drop(release);
        laws::accounts_for(1, &ends.join().expect("it does not panic"));
        let _ = waits.join().expect("it does not panic");
        assert!(began.elapsed() < DEADLINE, "it does not wait for a drain that has ended");
    });
}

/// Asks for a flush, and for the end, without blocking its thread.
struct FlushesAsync {
    trace: Arc<OnceLock<TraceGuard>>,
    came_back: Sender<Delivery>,
}

impl SpanExporter for FlushesAsync {
    fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
        if let Some(trace) = self.trace.get() {
            let _ = self.came_back.send(block_on(trace.flush_async(Duration::MAX)));
            let _ = self.came_back.send(block_on(trace.shutdown_async(Duration::MAX)));
        }
        Ok(())
    }
}

#[test]
fn an_asynchronous_flush_from_inside_an_exporter_returns_at_once_and_incomplete() {
    let _alone = alone();
    let (came_back, deliveries) = mpsc::channel();
    let trace = Arc::new(OnceLock::new());
    let exporter = FlushesAsync { trace: Arc::clone(&trace), came_back };
    let guard = trace.get_or_init(|| start_with(exporter));
    drop(span_sync!("span"));
    for _ in 0..2 {
        let inside = deliveries.recv().expect("it does not wait for itself");
        assert!(!inside.is_complete(), "{inside}");
    }
    laws::accounts_for(1, &deadlines::shutdown("an exporter that flushes", guard, DEADLINE));
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("the destructor of a payload");
    }
}

/// Panics with a payload that panics when it is dropped.
struct Throws;

impl SpanConsumer for Throws {
    fn consume(&self, _: &SpanData<'_>) {
        panic_any(Bomb);
    }
}

impl SpanExporter for Throws {
    fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
        panic_any(Bomb)
    }
}

#[test]
fn a_panic_whose_payload_panics_when_dropped_costs_no_more_than_its_span() {
    let _alone = alone();
    register_consumer(Throws);
    let trace = start_with(Throws);
    for n in 1..=3 {
        ten_spans();
        let delivery = trace.flush(DEADLINE);
        assert_eq!((delivery.queued, delivery.lost.export_failed), (0, 2 * 10 * n), "{delivery}");
    }
    let delivery = deadlines::shutdown("a payload that panics", &trace, DEADLINE);
    assert_eq!((delivery.delivered, delivery.lost.abandoned), (0, 0), "{delivery}");
}

/// Tells on which thread it dies, waits there until its channel is closed, and panics.
struct Dies {
    died_on: Sender<Option<String>>,
    released: Mutex<Receiver<()>>,
}

impl SpanConsumer for Dies {
    fn consume(&self, _: &SpanData<'_>) {}

    fn name(&self) -> &str {
        "dies"
    }
}

impl Drop for Dies {
    fn drop(&mut self) {
        let _ = self.died_on.send(thread::current().name().map(str::to_owned));
        let _ = self.released.lock().expect("nobody panics").recv();
        panic!("the destructor of a consumer");
    }
}

#[test]
fn a_consumer_dies_on_its_own_thread_and_may_block_and_panic_there() {
    let _alone = alone();
    let trace = start();
    let (died_on, deaths) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    register_consumer(Dies { died_on, released: Mutex::new(released) });
    ten_spans();
    assert!(trace.flush(DEADLINE).is_complete());
    assert!(unregister_consumer("dies"));
    let mut begun = 10;
    // While it dies, everybody else goes on.
    let thread = loop {
        ten_spans();
        begun += 10;
        laws::accounts_for(begun, &trace.flush(DEADLINE));
        if let Ok(thread) = deaths.try_recv() {
            break thread;
        }
    };
    assert_eq!(thread.as_deref(), Some("exo-trace-out"));
    ten_spans();
    assert!(trace.flush(DEADLINE).is_complete());
    drop(release);
    ten_spans();
    let delivery = deadlines::shutdown("a consumer that dies badly", &trace, DEADLINE);
    laws::accounts_for(begun + 20, &delivery);
    assert!(delivery.is_complete(), "{delivery}");
}
