//! The OpenTelemetry SDK with its batch processor and an exporter that drops what it gets.
//!
//! At its best: every span sampled without asking its parent, children started from a context that is
//! at hand instead of being looked up, and not made current; a queue in which several bursts fit,
//! requests of 4,096 spans. Its simple processor exports on the calling thread, which is dearer.

use crate::contender::{About, Arrived, Contender, EARLY, SPAN, TWO, Way, timed};
use exo_trace_ways::floor::work;
use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider, SpanData,
    SpanExporter,
};

pub(super) const ABOUT: About = About {
    packages: &["opentelemetry_sdk", "opentelemetry"],
    settings: "`AlwaysOn`, batch processor with a queue of 65,536 spans and requests of 4,096; the parent's context \
               is at hand, and no span is made current",
    lacks: "nothing that is compared here",
};

const REQUEST_SPANS_MAX: usize = 4_096;
const QUEUE_SPANS: usize = 65_536;

/// Takes spans and drops them.
#[derive(Debug)]
struct Nowhere(Arrived);

impl SpanExporter for Nowhere {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.add(batch.len());
        Ok(())
    }
}

pub(super) fn provider(arrived: Arrived) -> SdkTracerProvider {
    let batch = BatchConfigBuilder::default()
        .with_max_queue_size(QUEUE_SPANS)
        .with_max_export_batch_size(REQUEST_SPANS_MAX)
        .build();
    let processor = BatchSpanProcessor::builder(Nowhere(arrived)).with_batch_config(batch).build();
    let provider = SdkTracerProvider::builder().with_sampler(Sampler::AlwaysOn);
    provider.with_span_processor(processor).build()
}

pub(super) fn set_up() -> Contender {
    let arrived = Arrived::default();
    let provider = provider(arrived.clone());
    let tracer = provider.tracer("compare");
    let root = tracer.span_builder("run").start_with_context(&tracer, &Context::new());
    let parent = Context::new().with_span(root);
    let (same_tracer, same_parent) = (tracer.clone(), parent.clone());
    Contender {
        ways: vec![
            Way::new(SPAN, move |times| timed(times, |step| alone(&tracer, &parent, step))),
            Way::new(TWO, move |times| {
                timed(times, |step| two_attributes(&same_tracer, &same_parent, step))
            }),
        ],
        missing: Box::new(move |expected| {
            let _ = provider.force_flush();
            arrived.missing_of(expected)
        }),
    }
}

#[inline(always)]
fn alone(tracer: &SdkTracer, parent: &Context, step: usize) {
    let _span = tracer.span_builder("span").start_with_context(tracer, parent);
    work(step);
}

#[inline(always)]
fn two_attributes(tracer: &SdkTracer, parent: &Context, step: usize) {
    let attributes = [KeyValue::new("step", step as i64), KeyValue::new("is_early", step < EARLY)];
    let span = tracer.span_builder("two").with_attributes(attributes);
    let _span = span.start_with_context(tracer, parent);
    work(step);
}
