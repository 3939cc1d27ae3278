//! Who is compared: a subscriber each, with a destination that takes spans and drops them.
//!
//! Ours is as it comes: it says where a span was made, its level and its target, and makes it current.
//! tracing-opentelemetry is shown doing that as well, behind each of the SDK's processors, and at its
//! barest: neither places, levels and targets, nor OpenTelemetry's context made current. Threads and idle
//! times are recorded by nobody, and nobody asks a parent whether to sample.

use exo_trace::{SpanData, SpanExporter, TraceConfig, TraceGuard, exporter::ExportError};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SimpleSpanProcessor,
    SpanExporter as OtelExporter,
};
use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tracing::span::{Attributes, Id};
use tracing::{Dispatch, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

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
    /// What a layer pays to find again, at its end, what it knows of a span.
    Keeper,
    Ours,
    /// Does what ours does.
    Rival,
    /// Does less.
    Bare,
}

pub(crate) fn all() -> Result<Vec<Contender>, Box<dyn Error>> {
    Ok(vec![
        Contender {
            name: "the registry alone",
            subscriber: Dispatch::new(Registry::default()),
            arrived: Box::new(|| 0),
            role: Role::Floor,
        },
        Contender {
            name: "a layer that keeps a word with each span",
            subscriber: Dispatch::new(Registry::default().with(Keeper)),
            arrived: Box::new(|| 0),
            role: Role::Keeper,
        },
        ours()?,
        rival("tracing-opentelemetry, batch", Processor::Batch, true),
        rival("tracing-opentelemetry, batch, bare", Processor::Batch, false),
        rival("tracing-opentelemetry, simple", Processor::Simple, true),
        rival("tracing-opentelemetry, simple, bare", Processor::Simple, false),
    ])
}

/// Keeps something with each span and looks at it again at the end.
struct Keeper;

struct Kept(u64);

impl<S: Subscriber + for<'l> LookupSpan<'l>> Layer<S> for Keeper {
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Kept(id.into_u64()));
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = context.span(&id)
            && let Some(Kept(known)) = span.extensions_mut().get_mut()
        {
            black_box(known);
        }
    }
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
        subscriber: Dispatch::new(Registry::default().with(exo_trace::bridge::tracing::layer())),
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

fn rival(name: &'static str, processor: Processor, says_all: bool) -> Contender {
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
        .with_tracked_inactivity(false)
        .with_threads(false)
        .with_location(says_all)
        .with_level(says_all)
        .with_target(says_all)
        .with_context_activation(says_all)
        .with_tracer(provider.tracer("compare"));
    Contender {
        name,
        subscriber: Dispatch::new(Registry::default().with(layer)),
        arrived: Box::new(move || {
            let _ = provider.force_flush();
            taken.swap(0, Relaxed)
        }),
        role: if says_all { Role::Rival } else { Role::Bare },
    }
}
