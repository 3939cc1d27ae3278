//! Who is compared: a subscriber each, with a destination that takes spans and drops them.
//!
//! Each at its best: tracing-opentelemetry records no places in the code, threads, idle times, levels or
//! targets, samples without asking the parent, and is shown both with and without activating
//! OpenTelemetry's context, and behind each of the SDK's processors; ours is as it comes.

use exo_trace::{SpanData, SpanExporter, TraceConfig, TraceGuard, exporter::ExportError};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SimpleSpanProcessor,
    SpanExporter as OtelExporter,
};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tracing::Dispatch;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

const PATIENCE: Duration = Duration::from_secs(60);
const REQUEST_SPANS_MAX: usize = 4_096;
const QUEUE_SPANS: usize = 65_536;

/// One way to subscribe.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) subscriber: Dispatch,
    /// Waits until all its spans have arrived, and returns how many there were since the last time.
    pub(crate) arrived: Box<dyn FnMut() -> u64>,
    pub(crate) role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// What all of them pay.
    Floor,
    Ours,
    Rival,
}

pub(crate) fn all() -> Result<Vec<Contender>, Box<dyn Error>> {
    Ok(vec![
        Contender {
            name: "the registry alone",
            subscriber: Dispatch::new(registry()),
            arrived: Box::new(|| 0),
            role: Role::Floor,
        },
        ours()?,
        rival("tracing-opentelemetry, batch", Processor::Batch, true),
        rival("tracing-opentelemetry, batch, no context", Processor::Batch, false),
        rival("tracing-opentelemetry, simple", Processor::Simple, true),
        rival("tracing-opentelemetry, simple, no context", Processor::Simple, false),
    ])
}

/// Takes spans and drops them.
#[derive(Clone, Debug, Default)]
struct Nowhere {
    taken: Arc<AtomicU64>,
}

impl SpanExporter for Nowhere {
    fn export(&mut self, batch: &[SpanData<'_>]) -> Result<(), ExportError> {
        self.taken.fetch_add(batch.len() as u64, Relaxed);
        Ok(())
    }
}

impl OtelExporter for Nowhere {
    async fn export(&self, batch: Vec<opentelemetry_sdk::trace::SpanData>) -> OTelSdkResult {
        self.taken.fetch_add(batch.len() as u64, Relaxed);
        Ok(())
    }
}

fn ours() -> Result<Contender, Box<dyn Error>> {
    let nowhere = Nowhere::default();
    let taken = Arc::clone(&nowhere.taken);
    let trace: TraceGuard = exo_trace::init(TraceConfig::new("compare").exporter(nowhere))?;
    Ok(Contender {
        name: "exo-trace",
        subscriber: Dispatch::new(registry().with(exo_trace::bridge::tracing::layer())),
        arrived: Box::new(move || {
            let _ = trace.flush(PATIENCE);
            taken.swap(0, Relaxed)
        }),
        role: Role::Ours,
    })
}

enum Processor {
    Batch,
    Simple,
}

fn rival(name: &'static str, processor: Processor, activates_context: bool) -> Contender {
    let nowhere = Nowhere::default();
    let taken = Arc::clone(&nowhere.taken);
    let provider = SdkTracerProvider::builder().with_sampler(Sampler::AlwaysOn);
    let provider = match processor {
        Processor::Batch => {
            let batch = BatchConfigBuilder::default()
                .with_max_queue_size(QUEUE_SPANS)
                .with_max_export_batch_size(REQUEST_SPANS_MAX)
                .build();
            let processor = BatchSpanProcessor::builder(nowhere).with_batch_config(batch);
            provider.with_span_processor(processor.build()).build()
        }
        Processor::Simple => {
            provider.with_span_processor(SimpleSpanProcessor::new(nowhere)).build()
        }
    };
    let layer = tracing_opentelemetry::layer()
        .with_location(false)
        .with_tracked_inactivity(false)
        .with_threads(false)
        .with_level(false)
        .with_target(false)
        .with_context_activation(activates_context)
        .with_tracer(provider.tracer("compare"));
    Contender {
        name,
        subscriber: Dispatch::new(registry().with(layer)),
        arrived: Box::new(move || {
            let _ = provider.force_flush();
            taken.swap(0, Relaxed)
        }),
        role: Role::Rival,
    }
}
