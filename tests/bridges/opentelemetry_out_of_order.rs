//! Joined with OpenTelemetry, whatever leaves before its time: the rest keeps its parents.

#![allow(clippy::unwrap_used, reason = "a story that cannot begin has failed")]

use exo_trace::bridge::opentelemetry::join;
use exo_trace::testing::capture;
use exo_trace::{Context, Span, SpanGuard, span_sync};
use exo_trace_std::Counter;
use opentelemetry::Context as Theirs;
use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracer, SdkTracerProvider};
use std::cell::RefCell;

fn sdk() -> (SdkTracerProvider, SdkTracer, InMemorySpanExporter) {
    join();
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let tracer = provider.tracer("theirs");
    (provider, tracer, exporter)
}

#[test]
fn a_guard_that_leaves_under_an_active_span_of_theirs_takes_nothing_along() {
    let (_provider, theirs, _) = sdk();
    let trace = capture(|| {
        let _run = span_sync!("run");
        let first = span_sync!("first");
        let active = Theirs::current_with_span(theirs.start("theirs")).attach();
        drop(first);
        drop(span_sync!("below_theirs"));
        drop(active);
        drop(span_sync!("below_run"));
    });
    let run = trace.named("run")[0];
    let names: Vec<_> = trace.children_of(run).iter().map(|span| span.name()).collect();
    assert_eq!(names, ["first", "below_run"]);
    assert_eq!(trace.spans().len(), 4);
}

#[test]
fn a_context_of_theirs_that_leaves_under_a_guard_of_ours_takes_nothing_along() {
    let (_provider, theirs, exporter) = sdk();
    let trace = capture(|| {
        let _run = span_sync!("run");
        let active = Theirs::current_with_span(theirs.start("theirs")).attach();
        let ours = span_sync!("ours");
        drop(active);
        drop(span_sync!("inside"));
        theirs.in_span("inside_too", |_| ());
        drop(ours);
        drop(span_sync!("after"));
        theirs.in_span("after_too", |_| ());
    });
    let id = |name: &str| u64::from_be_bytes(trace.named(name)[0].span_id().to_bytes());
    let parent = |name: &str| {
        let id = trace.named(name)[0].parent_span_id().unwrap();
        u64::from_be_bytes(id.to_bytes())
    };
    let spans = exporter.get_finished_spans().unwrap();
    let their = |name: &str| spans.iter().find(|span| span.name == name).unwrap();
    let bits = |id: opentelemetry::trace::SpanId| u64::from_be_bytes(id.to_bytes());
    assert_eq!(parent("ours"), bits(their("theirs").span_context.span_id()));
    assert_eq!((parent("inside"), parent("after")), (id("ours"), id("run")));
    assert_eq!(bits(their("inside_too").parent_span_id), id("ours"));
    assert_eq!(bits(their("after_too").parent_span_id), id("run"));
}

#[test]
fn guards_that_leave_in_the_wrong_order_are_counted_and_leave_nothing_current() {
    let (_provider, theirs, exporter) = sdk();
    let counted = Counter::OutOfOrder.value();
    let trace = capture(|| {
        let run = span_sync!("run");
        let step = span_sync!("step");
        drop(run);
        theirs.in_span("in_step", |_| ());
        drop(step);
        theirs.in_span("outside", |_| ());
    });
    assert!(Counter::OutOfOrder.value() > counted);
    let spans = exporter.get_finished_spans().unwrap();
    let parent = |name: &str| spans.iter().find(|span| span.name == name).unwrap().parent_span_id;
    let step = trace.named("step")[0];
    assert_eq!(parent("in_step").to_bytes(), step.span_id().to_bytes());
    let run = trace.named("run")[0];
    let outside = run.parent_span_id().map(|id| id.to_bytes());
    assert_eq!(Some(parent("outside").to_bytes()), outside);
}

/// What a thread leaves behind.
struct Left {
    guard: Option<SpanGuard>,
    context: Context,
}

impl Drop for Left {
    fn drop(&mut self) {
        drop(self.guard.take());
        let _attached = self.context.attach();
        drop(span_sync!("late"));
        Span::current().set_attribute("late", true);
    }
}

thread_local! {
    static EARLIEST: RefCell<Option<Left>> = const { RefCell::new(None) };
    static LATEST: RefCell<Option<Left>> = const { RefCell::new(None) };
}

#[test]
fn a_thread_ends_whatever_its_destructors_trace() {
    let (_provider, theirs, exporter) = sdk();
    let trace = capture(|| {
        let context = Context::current();
        let ended = std::thread::spawn(move || {
            EARLIEST.with(|left| drop(left.borrow_mut().take()));
            let attached = context.attach();
            let guard = Some(span_sync!("kept"));
            theirs.in_span("theirs", |_| ());
            EARLIEST.set(Some(Left { guard, context: context.clone() }));
            LATEST.set(Some(Left { guard: None, context: context.clone() }));
            drop(attached);
        });
        ended.join().unwrap();
        drop(span_sync!("after"));
    });
    assert_eq!(trace.named("after").len(), 1);
    assert_eq!(exporter.get_finished_spans().unwrap().len(), 1);
    let ended = trace.named("late").len() + trace.named("kept").len();
    let refused = Counter::ThreadGone.value();
    assert!(ended > 0 && ended + usize::try_from(refused).unwrap() >= 3, "{ended}, {refused}");
}
