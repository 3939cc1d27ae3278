//! Without threads spans are delivered in the call that drains, and none is lost uncounted.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod faults;
mod laws;

use exo_trace::{
    Console, Protocol, Span, SpanConsumer, SpanData, TraceBackend, TraceConfig, TraceGuard,
    clear_consumers, init, register_consumer, span_sync,
};
use faults::{Collector, Fault, alone};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(60);

fn start() -> TraceGuard {
    let config = TraceConfig::new("stories").backend(TraceBackend::Memory).without_threads();
    init(config).expect("nothing records yet")
}

fn names(trace: &TraceGuard) -> Vec<String> {
    let spans = trace.memory().expect("the memory backend").spans();
    spans.iter().map(|span| span.name().into_owned()).collect()
}

/// The names of this process's threads that belong to the tracer.
#[cfg(target_os = "linux")]
fn threads() -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux tells");
    let name = |task: std::io::Result<std::fs::DirEntry>| {
        std::fs::read_to_string(task.ok()?.path().join("comm")).ok()
    };
    tasks.filter_map(name).filter(|name| name.starts_with("exo-trace")).collect()
}

#[test]
fn spans_arrive_in_the_call_that_drains_and_in_no_other() {
    let _alone = alone();
    let trace = start();
    drop(span_sync!("first"));
    assert_eq!(names(&trace), [""; 0]);
    let delivery = trace.drain_now();
    assert!(delivery.is_complete(), "{delivery}");
    assert_eq!(names(&trace), ["first"]);
    drop(span_sync!("second"));
    assert!(trace.flush(DEADLINE).is_complete());
    drop(span_sync!("third"));
    let delivery = trace.shutdown(DEADLINE);
    laws::accounts_for(3, &delivery);
    assert_eq!(names(&trace), ["first", "second", "third"]);
    assert_eq!(trace.drain_now(), delivery, "it has ended");
}

#[test]
#[cfg(target_os = "linux")]
fn not_one_thread_is_started() {
    let _alone = alone();
    let collector = Collector::start(Protocol::HttpProtobuf);
    let before = threads();
    let config = collector.config().also(TraceBackend::Memory).also(TraceBackend::Console);
    let console = Console::stderr().lines().figures(true);
    let trace = init(config.console(console).without_threads()).expect("nothing records yet");
    register_consumer(Tells::nobody());
    drop(span_sync!("chat", gen_ai.operation.name = "chat"));
    assert!(trace.drain_now().is_complete());
    assert_eq!(threads(), before);
    assert!(trace.shutdown(DEADLINE).is_complete());
    clear_consumers();
    assert_eq!(threads(), before);
    assert_eq!(collector.received().spans(), 1);
}

#[test]
fn a_span_that_other_threads_had_a_part_in_arrives_whole_in_one_call() {
    let _alone = alone();
    let trace = start();
    let span = Span::start("job", ());
    std::thread::scope(|scope| {
        scope.spawn(|| span.set_attribute("elsewhere", true));
    });
    span.end();
    assert!(trace.drain_now().is_complete());
    let spans = trace.memory().expect("the memory backend").named("job");
    assert_eq!(spans.len(), 1);
    assert!(spans[0].attribute("elsewhere").is_some(), "{}", spans[0]);
}

#[test]
fn a_ring_that_nobody_drains_refuses_and_the_next_call_says_how_much() {
    let _alone = alone();
    let trace = start();
    // Three times what a ring holds.
    let record = || (0..10_000).for_each(|n| drop(span_sync!("span", n)));
    record();
    let delivery = trace.drain_now();
    assert!(!delivery.is_complete());
    laws::accounts_for(10_000, &delivery);
    record();
    laws::accounts_for(20_000, &trace.shutdown(DEADLINE));
}

/// Tells the names of the spans it sees, and dies of some.
struct Tells(Sender<String>);

impl Tells {
    fn nobody() -> Self {
        Self(mpsc::channel().0)
    }
}

impl SpanConsumer for Tells {
    fn consume(&self, span: &SpanData<'_>) {
        drop(span_sync!("inside a consumer"));
        assert!(span.name() != "poison");
        let _ = self.0.send(span.name().into_owned());
    }
}

#[test]
fn a_consumer_works_in_the_call_and_neither_feeds_itself_nor_harms_the_caller() {
    let _alone = alone();
    let (tell, told) = mpsc::channel();
    register_consumer(Tells(tell));
    let trace = start();
    ["a", "poison", "b"].into_iter().for_each(|name| drop(Span::start(name, ())));
    let delivery = trace.drain_now();
    assert_eq!(told.try_iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!((delivery.delivered, delivery.lost.export_failed), (2, 1));
    clear_consumers();
    drop(Span::start("after", ()));
    let delivery = trace.shutdown(DEADLINE);
    assert_eq!(names(&trace), ["a", "poison", "b", "after"]);
    assert_eq!(delivery.lost.export_failed, 1);
    assert_eq!(told.try_iter().count(), 0);
}

/// Drains from where it is drained.
struct Again(Arc<OnceLock<TraceGuard>>, Sender<bool>);

impl SpanConsumer for Again {
    fn consume(&self, _: &SpanData<'_>) {
        let trace = self.0.get().expect("set before the first span");
        let complete = [trace.drain_now(), trace.flush(DEADLINE), trace.shutdown(DEADLINE)];
        let _ = self.1.send(complete.iter().any(|delivery| delivery.is_complete()));
    }
}

#[test]
fn who_drains_from_inside_a_consumer_waits_for_nobody() {
    let _alone = alone();
    let guard = Arc::new(OnceLock::new());
    let (tell, told) = mpsc::channel();
    register_consumer(Again(Arc::clone(&guard), tell));
    let trace = guard.get_or_init(start);
    drop(span_sync!("once"));
    assert!(trace.drain_now().is_complete());
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [false]);
    clear_consumers();
    assert!(trace.shutdown(DEADLINE).is_complete());
}

#[test]
fn threads_that_drain_at_the_same_time_deliver_each_span_once() {
    let _alone = alone();
    let trace = start();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..100 {
                    drop(span_sync!("span"));
                    let _ = trace.drain_now();
                }
            });
        }
    });
    let delivery = trace.shutdown(DEADLINE);
    assert!(delivery.is_complete(), "{delivery}");
    laws::accounts_for(400, &delivery);
    assert_eq!(names(&trace).len(), 400);
}

#[test]
fn a_collector_that_never_answers_costs_the_call_its_deadline_and_the_loss_is_counted() {
    let _alone = alone();
    let collector = Collector::with(Protocol::Grpc, Fault::NeverAnswers);
    let trace = init(collector.config().without_threads()).expect("nothing records yet");
    drop(span_sync!("lost"));
    let began = Instant::now();
    let delivery = trace.flush(Duration::from_millis(500));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert_eq!((delivery.delivered, delivery.lost.abandoned), (0, 1), "{delivery}");
    collector.recover();
    drop(span_sync!("taken"));
    let delivery = trace.flush(DEADLINE);
    assert_eq!((delivery.delivered, delivery.lost.abandoned), (1, 1), "{delivery}");
}

#[test]
fn inside_a_runtime_spans_reach_a_collector_all_the_same() {
    let _alone = alone();
    let collector = Collector::start(Protocol::Grpc);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let trace = init(collector.config().without_threads()).expect("nothing records yet");
        drop(span_sync!("in a handler"));
        let delivery = trace.drain_now();
        assert!(delivery.is_complete(), "{delivery}");
        drop(span_sync!("at the end"));
        assert!(trace.shutdown_async(DEADLINE).await.is_complete());
    });
    assert_eq!(collector.received().spans(), 2);
}
