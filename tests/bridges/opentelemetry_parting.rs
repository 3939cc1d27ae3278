//! A program that joins and parts in the middle of its spans loses none of them.
//!
//! One story, because all threads of a process are joined or none.

#![allow(clippy::unwrap_used, reason = "a story that cannot begin has failed")]

use exo_trace::bridge::opentelemetry::{join, part};
use exo_trace::testing::capture;
use exo_trace::{Span, span_sync};
use exo_trace_std::Counter;
use opentelemetry::Context as Theirs;
use opentelemetry::trace::{SpanId, TraceContextExt, Tracer, TracerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};

#[test]
fn spans_under_way_stay_what_they_were() {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let theirs = provider.tracer("theirs");
    let trace = capture(|| {
        let _before = span_sync!("before");
        theirs.in_span("apart", |_| drop(span_sync!("ours_apart")));
        join();
        drop(span_sync!("first"));
        // A root of theirs: nobody told it of ours, which began before.
        let parted = theirs.in_span("joined", |_| {
            let below = span_sync!("below");
            part();
            below
        });
        drop(span_sync!("still_below"));
        assert!(Theirs::current().has_active_span());
        drop(parted);
        assert!(!Theirs::current().has_active_span());
        drop(span_sync!("last"));
        join();
        drop(span_sync!("joined_again"));
        part();
    });
    let text = trace.to_text();
    assert_eq!(text, "before\n  ours_apart\n  first\n  last\n  joined_again\n", "{text}");
    let spans = exporter.get_finished_spans().unwrap();
    assert_eq!(spans.len(), 2);
    assert!(spans.iter().all(|span| span.parent_span_id == SpanId::INVALID));
    assert_eq!(Counter::OutOfOrder.value(), 0);
    assert!(!Theirs::current().has_active_span());
    assert_eq!(Span::current().span_context(), None);
}
