//! The OpenTelemetry SDK with its batch processor and opentelemetry-otlp over tonic.
//!
//! At its best: every span sampled without asking its parent, children started from a context that is
//! at hand instead of being looked up, requests of 4,096 spans (of 512 to 16,384 the cheapest that
//! lost none), a queue in which the pace never piles up, one thread for the transport.

use crate::exported::load::{AGENT, BURST, Load, Mix, made_text};
use crate::exported::meter::{Meter, Usage};
use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue, StringValue};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider,
};
use std::error::Error;
use std::ops::Range;
use tokio::runtime::{Builder, Runtime};

const REQUEST_SPANS_MAX: usize = 4_096;
/// A third of a second of the pace.
const QUEUE_SPANS: usize = 65_536;
const _: () = assert!(QUEUE_SPANS > 10 * BURST as usize);

pub(super) fn run(load: &Load, endpoint: &str) -> Result<Usage, Box<dyn Error>> {
    let runtime = runtime()?;
    let provider = runtime.block_on(async { provider(endpoint) })?;
    let tracer = provider.tracer("compare");
    let meter = Meter::start()?;
    match load.mix {
        Mix::Static => load.run(|steps| burst(&tracer, steps, || StringValue::from(AGENT))),
        Mix::Made => load.run(|steps| burst(&tracer, steps, || StringValue::from(made_text()))),
    }
    provider.force_flush()?;
    meter.stop()
}

/// What drives the connection; the exporters themselves wait on threads of their own.
pub(super) fn runtime() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

/// To be called inside a runtime.
pub(super) fn provider(endpoint: &str) -> Result<SdkTracerProvider, Box<dyn Error>> {
    let batch = BatchConfigBuilder::default()
        .with_max_queue_size(QUEUE_SPANS)
        .with_max_export_batch_size(REQUEST_SPANS_MAX)
        .build();
    let processor = BatchSpanProcessor::builder(exporter(endpoint)?).with_batch_config(batch);
    Ok(SdkTracerProvider::builder()
        .with_sampler(Sampler::AlwaysOn)
        .with_resource(resource())
        .with_span_processor(processor.build())
        .build())
}

pub(super) fn exporter(endpoint: &str) -> Result<SpanExporter, Box<dyn Error>> {
    Ok(SpanExporter::builder().with_tonic().with_endpoint(endpoint).build()?)
}

pub(super) fn resource() -> Resource {
    Resource::builder().with_service_name("compare").build()
}

fn burst(tracer: &SdkTracer, mut steps: Range<i64>, text: impl Fn() -> StringValue) {
    let attributes =
        |step| [KeyValue::new("app.agent.name", text()), KeyValue::new("app.agent.step", step)];
    let Some(first) = steps.next() else { return };
    let run = tracer.span_builder("run").with_attributes(attributes(first));
    let parent = Context::new().with_span(run.start_with_context(tracer, &Context::new()));
    for step in steps {
        let span = tracer.span_builder("step").with_attributes(attributes(step));
        drop(span.start_with_context(tracer, &parent));
    }
}
