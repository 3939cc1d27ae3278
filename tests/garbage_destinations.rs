//! Exporters that answer garbage, and those that stall, cost their own spans and no one's time.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod deadlines;
mod laws;

use deadlines::{Counting, Watch};
use exo_trace::{
    ExportError, SpanConsumer, SpanData, SpanExporter, TraceBackend, TraceConfig, TraceGuard,
    clear_consumers, init, register_consumer, span_sync,
};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(60);
const SPANS: u64 = 100;

/// Recording is the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    clear_consumers();
    alone
}

fn start(watch: &Watch, exporter: impl SpanExporter) -> TraceGuard {
    init(TraceConfig::new("garbage").exporter(watch.of(exporter))).expect("nothing records yet")
}

fn spans() {
    (0..SPANS).for_each(|n| drop(span_sync!("span", n)));
}

/// Answers to everything what it likes, in turn.
struct Answers {
    answers: fn(u64) -> Result<(), ExportError>,
    asked: u64,
}

impl Answers {
    fn with(answers: fn(u64) -> Result<(), ExportError>) -> Self {
        Self { answers, asked: 0 }
    }

    fn answer(&mut self) -> Result<(), ExportError> {
        self.asked += 1;
        (self.answers)(self.asked)
    }
}

impl SpanExporter for Answers {
    fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
        self.answer()
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        self.answer()
    }

    fn tick(&mut self) -> Result<(), ExportError> {
        self.answer()
    }

    /// Wants to be asked all the time.
    fn next_tick(&self) -> Option<Duration> {
        Some(Duration::ZERO)
    }

    fn shutdown(&mut self) -> Result<(), ExportError> {
        self.answer()
    }
}

#[test]
fn one_that_claims_to_have_lost_more_than_there_was_has_lost_what_there_was() {
    let _alone = alone();
    let claims: [fn(u64) -> Result<(), ExportError>; 3] = [
        |_| Err(ExportError::of_spans("all of them and more", u64::MAX)),
        |asked| Err(ExportError::of_spans("more", [u64::MAX, 1][asked as usize % 2])),
        |_| Err(ExportError::of_spans("", SPANS + 1)),
    ];
    for answers in claims {
        let watch = Watch::start("claims to have lost more than there was");
        let trace = start(&watch, Answers::with(answers));
        for round in 1..=3 {
            spans();
            laws::accounts_for(round * SPANS, &trace.flush(DEADLINE));
        }
        let delivery = watch.shutdown(&trace, DEADLINE);
        laws::accounts_for(3 * SPANS, &delivery);
        assert_eq!((delivery.delivered, delivery.lost.export_failed), (0, 3 * SPANS), "{delivery}");
    }
}

#[test]
fn one_that_fails_without_having_lost_anything_has_delivered() {
    let _alone = alone();
    let watch = Watch::start("fails without a loss");
    let trace = start(&watch, Answers::with(|_| Err(ExportError::of_spans("nothing", 0))));
    spans();
    let delivery = watch.shutdown(&trace, DEADLINE);
    assert_eq!(delivery.delivered, SPANS, "{delivery}");
    assert!(delivery.is_complete(), "{delivery}");
}

#[test]
fn one_that_answers_ten_megabytes_of_orders_to_a_terminal_is_counted_like_any_other() {
    let _alone = alone();
    let watch = Watch::start("answers ten megabytes");
    let trace = start(
        &watch,
        Answers::with(|_| Err(ExportError::new("\u{1b}[2J\r\n\0\u{9b}31m".repeat(1 << 20)))),
    );
    for _ in 0..3 {
        spans();
        let _ = trace.flush(DEADLINE);
    }
    let delivery = watch.shutdown(&trace, DEADLINE);
    laws::accounts_for(3 * SPANS, &delivery);
    assert_eq!(delivery.lost.export_failed, 3 * SPANS);
    let shown = format!("{delivery} {delivery:?}");
    assert!(shown.len() < 10_000 && !shown.contains(char::is_control), "{shown}");
}

/// Waits in everything it is asked until its channel is closed.
struct Stalls {
    reached: Sender<()>,
    released: Receiver<()>,
    at: &'static str,
}

impl Stalls {
    fn stall(&self, at: &str) -> Result<(), ExportError> {
        if self.at == at {
            let _ = self.reached.send(());
            let _ = self.released.recv();
        }
        Ok(())
    }
}

impl SpanExporter for Stalls {
    fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
        self.stall("export")
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        self.stall("flush")
    }

    fn shutdown(&mut self) -> Result<(), ExportError> {
        self.stall("shutdown")
    }
}

impl Drop for Stalls {
    fn drop(&mut self) {
        let _ = self.stall("drop");
    }
}

#[test]
fn one_that_stalls_wherever_it_can_holds_up_a_flush_and_a_shutdown_no_longer_than_they_wait() {
    const SHORT: Duration = Duration::from_millis(100);
    let _alone = alone();
    for (story, at) in [
        ("stalls at a batch", "export"),
        ("stalls at a flush", "flush"),
        ("stalls at its shutdown", "shutdown"),
        ("stalls at its destructor", "drop"),
    ] {
        let (reached, is_reached) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let beside = Counting::default();
        let watch = Watch::start(story);
        let stalls = watch.of(Stalls { reached, released, at });
        let config = TraceConfig::new("stalls").exporter(stalls).exporter(beside.clone());
        let trace = init(config).expect("nothing records yet");
        let is_whole = at == "drop" || at == "shutdown";
        for _ in 0..2 {
            spans();
            let _ = trace.flush(if is_whole { DEADLINE } else { SHORT });
        }
        let began = Instant::now();
        while beside.spans() < 2 * SPANS && began.elapsed() < DEADLINE {
            thread::yield_now();
        }
        let delivery = watch.shutdown(&trace, SHORT);
        is_reached.recv().expect("it stalls");
        assert!(delivery.delivered == 2 * SPANS || !is_whole, "{at}: {delivery}");
        assert_eq!(beside.spans(), 2 * SPANS, "{at}: the other one had it all meanwhile");
        let abandoned = delivery.lost.abandoned;
        assert_eq!(delivery.delivered + abandoned, 2 * SPANS, "{at}: {delivery}");
        drop(release);
    }
}

/// Panics at every span, and registers itself again while it does.
struct Unstable(u32);

impl SpanConsumer for Unstable {
    fn consume(&self, _: &SpanData<'_>) {
        if self.0 > 0 {
            register_consumer(Self(self.0 - 1));
        }
        panic!("again");
    }

    fn name(&self) -> &str {
        "unstable"
    }
}

#[test]
fn a_consumer_that_panics_and_takes_its_own_place_all_the_time_harms_nobody() {
    let _alone = alone();
    let watch = Watch::start("takes its own place while it panics");
    let memory = TraceConfig::new("unstable").backend(TraceBackend::Memory);
    let beside = Counting::default();
    let trace = init(memory.exporter(watch.of(beside.clone()))).expect("nothing records yet");
    register_consumer(Unstable(50));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                spans();
                let _ = trace.flush(DEADLINE);
            });
        }
    });
    let delivery = watch.shutdown(&trace, DEADLINE);
    assert_eq!(beside.spans(), 4 * SPANS);
    assert_eq!(trace.memory().expect("the memory backend").spans().len() as u64, 4 * SPANS);
    assert_eq!(delivery.lost.abandoned + delivery.lost.queue_full, 0, "{delivery}");
}
