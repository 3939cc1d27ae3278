//! Traces that begin on either side, beside one another: each span is in the right one.

#![allow(clippy::unwrap_used, reason = "a story that cannot begin has failed")]

use exo_trace::bridge::opentelemetry::join;
use exo_trace::{Context, Memory, TraceBackend, TraceConfig, TraceGuard, init, span_sync};
use exo_trace_std::Counter;
use opentelemetry::Context as Theirs;
use opentelemetry::global::{self, BoxedTracer};
use opentelemetry::trace::{TraceContextExt, Tracer};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData, SpanExporter};
use std::time::Duration;

/// An exporter that traces its own work, as one over an instrumented client does.
#[derive(Clone, Debug, Default)]
struct Traced(InMemorySpanExporter);

impl SpanExporter for Traced {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        drop(span_sync!("their_export"));
        global::tracer("theirs").in_span("their_export", |_| drop(span_sync!("deeper")));
        self.0.export(batch).await
    }
}

fn flushed(trace: &TraceGuard) -> Memory {
    assert!(trace.flush(Duration::from_secs(10)).is_complete());
    trace.memory().unwrap().clone()
}

/// Begins a trace of theirs in the middle of another, and ours where nothing is active.
fn tell(theirs: &BoxedTracer) {
    theirs.in_span("request", |request| {
        let _answer = span_sync!("answer");
        // Another trace, begun by hand in the middle of this one.
        let other = theirs.start_with_context("other", &Theirs::new());
        let other = Theirs::new().with_span(other);
        {
            let _attached = other.clone().attach();
            let _below = span_sync!("below_other");
            theirs.in_span("deeper", |_| drop(span_sync!("deepest")));
        }
        drop(span_sync!("back"));
        let _empty = Theirs::new().attach();
        drop(span_sync!("alone"));
        Context::empty().carry(|| theirs.in_span("alone_too", |_| ()))();
        drop(request);
    });
    drop(span_sync!("after"));
}

#[test]
fn each_span_is_in_the_trace_it_began_in() {
    let trace = init(TraceConfig::new("roots").backend(TraceBackend::Memory)).unwrap();
    let exporter = Traced::default();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter.clone()).build();
    global::set_tracer_provider(provider.clone());
    let theirs = global::tracer("theirs");
    join();
    tell(&theirs);

    let memory = flushed(&trace);
    provider.force_flush().unwrap();
    let spans = exporter.0.get_finished_spans().unwrap();
    let theirs = |name: &str| spans.iter().find(|span| span.name == name).unwrap();
    let parent = |name: &str| {
        let span = memory.named(name).pop().unwrap();
        let parent = span.parent_span_id().map_or([0; 8], |id| id.to_bytes());
        (span.trace_id().to_bytes(), parent)
    };
    let of_theirs = |name: &str| {
        let context = &theirs(name).span_context;
        (context.trace_id().to_bytes(), context.span_id().to_bytes())
    };
    let of_ours = |name: &str| {
        let span = memory.named(name).pop().unwrap();
        (span.trace_id().to_bytes(), span.span_id().to_bytes())
    };
    assert_eq!(parent("answer"), of_theirs("request"));
    assert_eq!(parent("below_other"), of_theirs("other"));
    assert_ne!(of_theirs("other").0, of_theirs("request").0);
    assert_eq!(theirs("deeper").parent_span_id.to_bytes(), of_ours("below_other").1);
    assert_eq!(parent("deepest"), of_theirs("deeper"));
    assert_eq!(parent("back"), of_ours("answer"));
    assert_eq!(parent("alone").1, [0; 8]);
    assert_eq!(theirs("alone_too").parent_span_id.to_bytes(), [0; 8]);
    assert_eq!(parent("after").1, [0; 8]);
    assert!(!memory.named("answer").pop().unwrap().is_parent_remote());
    assert!(!theirs("deeper").parent_span_is_remote);

    let named = |name: &str| spans.iter().filter(|span| span.name == name).count();
    provider.force_flush().unwrap();
    let memory = flushed(&trace);
    assert_eq!((named("their_export"), memory.named("their_export").len()), (0, 0));
    assert_eq!(memory.named("deeper").len(), 0);
    assert_eq!(Counter::OutOfOrder.value(), 0);
}
