//! What an unsampled trace measures reaches no destination, is no loss, and is counted once.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;

use exo_trace::__private::begin_measured_named;
use exo_trace::{
    Context, ExportError, Span, SpanConsumer, SpanData, SpanExporter, Statistics, TraceBackend,
    TraceConfig, TraceGuard, clear_consumers, init, register_consumer, span_sync,
};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

static ALONE: Mutex<()> = Mutex::new(());

/// The sampler and the consumers are the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    clear_consumers();
    alone
}

/// Tells the names of the spans it gets, as an exporter or as a consumer.
struct Names(Sender<String>);

impl SpanExporter for Names {
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        assert!(!spans.is_empty(), "no batch is empty");
        spans.iter().for_each(|span| self.consume(span));
        Ok(())
    }
}

impl SpanConsumer for Names {
    fn consume(&self, span: &SpanData<'_>) {
        assert!(span.trace_flags().is_sampled());
        let _ = self.0.send(span.name().into_owned());
    }
}

/// Starts with an exporter and a consumer that tell what they get.
fn start(sample_rate: f64) -> (TraceGuard, Receiver<String>) {
    let (seen, names) = mpsc::channel();
    register_consumer(Names(seen.clone()));
    let config = TraceConfig::new("stories").backend(TraceBackend::Memory).exporter(Names(seen));
    (init(config.sample_rate(sample_rate)).expect("nothing records yet"), names)
}

/// Checks that every span is in one of the terms, and returns the statistics.
fn sums(trace: &TraceGuard, recorded: u64) -> Statistics {
    let sums = trace.statistics();
    let Statistics { delivered, unsampled, lost, .. } = &sums;
    assert_eq!(sums.recorded, recorded, "{sums}");
    assert_eq!(delivered + unsampled + lost.spans(), recorded, "{sums}");
    sums
}

#[test]
fn without_sampling_measured_spans_are_counted_and_nobody_gets_one() {
    let _alone = alone();
    let (trace, names) = start(0.0);
    for _ in 0..100 {
        let _plain = span_sync!("plain root");
        let run = begin_measured_named("agent", ()).enter();
        drop(span_sync!("plain"));
        run.record_error("refused");
    }
    let delivery = trace.flush(DEADLINE);
    assert!(delivery.is_complete() && delivery.delivered == 0, "{delivery}");
    let sums = sums(&trace, 100);
    assert_eq!((sums.unsampled, sums.delivered, sums.errors), (100, 0, 0));
    let line = "spans     100 recorded = 0 delivered + 100 unsampled + 0 lost · 0 errors";
    assert!(sums.to_string().contains(line), "{sums}");
    assert!(trace.memory().expect("the memory backend").spans().is_empty());
    assert!(trace.shutdown(DEADLINE).is_complete());
    assert_eq!(names.try_iter().count(), 0);
}

#[test]
fn beside_sampled_traces_each_span_goes_where_its_trace_goes() {
    let _alone = alone();
    let (trace, names) = start(0.25);
    let mut sampled = 0;
    for _ in 0..1_000 {
        let run = begin_measured_named("agent", ()).enter();
        let context = run.span_context().expect("it is recorded");
        sampled += u64::from(context.is_sampled());
        drop(begin_measured_named("tool", ()).enter());
    }
    let delivery = trace.flush(DEADLINE);
    laws::accounts_for(2 * sampled, &delivery);
    let sums = sums(&trace, 2_000);
    assert_eq!((sums.delivered, sums.unsampled), (2 * sampled, 2_000 - 2 * sampled));
    let memory = trace.memory().expect("the memory backend");
    laws::check(&memory.spans());
    assert_eq!(memory.spans().len() as u64, 2 * sampled);
    let _ = trace.shutdown(DEADLINE);
    assert_eq!(names.try_iter().count() as u64, 2 * 2 * sampled, "an exporter and a consumer");
}

#[test]
fn what_other_threads_say_of_it_is_no_loss() {
    let _alone = alone();
    let (trace, _names) = start(0.0);
    let run = begin_measured_named("agent", ()).span();
    let context = run.in_scope(Context::current);
    thread::scope(|scope| {
        for _ in 0..4 {
            let context = context.clone();
            let run = &run;
            scope.spawn(move || {
                let _attached = context.attach();
                run.set_attribute("said", "elsewhere");
                drop(begin_measured_named("tool", ()).enter());
                Span::current().set_attribute("said", "without a handle");
            });
        }
    });
    run.end();
    let delivery = trace.shutdown(DEADLINE);
    assert!(delivery.is_complete() && delivery.delivered == 0, "{delivery}");
    assert_eq!(sums(&trace, 5).unsampled, 5);
}
