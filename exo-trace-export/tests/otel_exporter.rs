//! Any exporter of the OpenTelemetry SDK is a destination: it gets every field, and harms nobody.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod collector;

use collector::Collector;
use exo_trace_export::exporter::OtelExporter;
use exo_trace_export::{Delivery, TraceBackend, TraceConfig, TraceGuard, init};
use exo_trace_std::{
    Context, SpanContext, SpanId, Status, TraceFlags, TraceId, attributes, span_sync, traced,
};
use opentelemetry::trace::{SpanKind, Status as SdkStatus};
use opentelemetry::{Array, KeyValue, Value};
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_proto::tonic::common::v1::any_value;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData, SpanExporter};
use std::future::pending;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::runtime::Builder;

const DEADLINE: Duration = Duration::from_secs(60);

static ALONE: Mutex<()> = Mutex::new(());

/// Recording is the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start_with<E: SpanExporter + 'static>(exporter: OtelExporter<E>) -> TraceGuard {
    init(TraceConfig::new("stories").exporter(exporter)).expect("nothing records yet")
}

fn spans(count: usize) {
    (0..count).for_each(|n| drop(span_sync!("span", n)));
}

fn delivered_and_failed(delivery: &Delivery) -> (u64, u64) {
    (delivery.delivered, delivery.lost.export_failed)
}

/// A span of another process.
fn remote(id: u64) -> SpanContext {
    SpanContext {
        trace_id: TraceId::new(0xabc).expect("not zero"),
        span_id: SpanId::new(id).expect("not zero"),
        flags: TraceFlags::SAMPLED.with(TraceFlags::RANDOM),
        is_remote: true,
    }
}

#[traced(crate = exo_trace_std, kind = client, name = "ask {model}", attributes(model = "small", retries = 2_u8, ratio = 0.5, cold = true))]
fn ask() {
    let span = exo_trace_std::Span::current();
    span.set_attribute("tags", &["a", "b"]);
    span.set_attribute("huge", u64::MAX);
    span.add_event("chunk", attributes! { tokens = 7 });
    span.add_link(&remote(9), attributes! { why = "asked before" });
    span.set_status(Status::error("too long"));
}

fn attribute<'a>(list: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    list.iter().find(|pair| pair.key.as_str() == key).map(|pair| &pair.value)
}

fn nanos(time: SystemTime) -> u128 {
    time.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_nanos()
}

fn events_links_and_scope(ask: &SpanData, our_ask: &exo_trace_export::SpanData<'_>) {
    let [chunk] = &ask.events.events[..] else { panic!("{:?}", ask.events) };
    assert_eq!(
        (chunk.name.as_ref(), &chunk.attributes[..]),
        ("chunk", &[KeyValue::new("tokens", 7)][..])
    );
    let our_chunk = our_ask.events().next().expect("one event");
    assert_eq!(nanos(chunk.timestamp), our_chunk.time_unix_nano.into());
    let [link] = &ask.links.links[..] else { panic!("{:?}", ask.links) };
    assert_eq!(link.span_context.span_id().to_bytes(), [0, 0, 0, 0, 0, 0, 0, 9]);
    assert_eq!((link.span_context.trace_flags().to_u8(), link.span_context.is_remote()), (3, true));
    assert_eq!(link.attributes, [KeyValue::new("why", "asked before")]);

    let scope = &ask.instrumentation_scope;
    assert_eq!(scope.name(), env!("CARGO_PKG_NAME"));
    assert_eq!(scope.version(), Some(env!("CARGO_PKG_VERSION")));
    assert!(scope.schema_url().is_some_and(|url| url.contains("opentelemetry.io/schemas/")));
}

#[test]
fn an_exporter_of_the_sdk_gets_every_field() {
    let _alone = alone();
    let sdk = InMemorySpanExporter::default();
    let config = TraceConfig::new("stories").backend(TraceBackend::Memory).extra("zone", "b");
    let config = config.event_count_max(1).exporter(OtelExporter::from(sdk.clone()));
    let trace = init(config).expect("nothing records yet");
    {
        let _remote = Context::of(remote(8)).attach();
        ask();
        let _plain = span_sync!("plain");
        (0..3).for_each(|_| exo_trace_std::Span::current().add_event("again", ()));
    }
    assert!(trace.flush(DEADLINE).is_complete());
    let ours = trace.memory().expect("the memory backend").spans();
    let theirs = sdk.get_finished_spans().expect("nobody panicked");
    let ([our_ask, _], [ask, plain]) = (&ours[..], &theirs[..]) else { panic!("{theirs:?}") };

    assert_eq!(ask.span_context.trace_id().to_bytes(), our_ask.trace_id().to_bytes());
    assert_eq!(ask.span_context.span_id().to_bytes(), our_ask.span_id().to_bytes());
    assert_eq!(ask.span_context.trace_flags().to_u8(), 3);
    assert!(!ask.span_context.is_remote());
    assert_eq!(
        (ask.parent_span_id.to_bytes(), ask.parent_span_is_remote),
        ([0, 0, 0, 0, 0, 0, 0, 8], true)
    );
    assert_eq!((ask.name.as_ref(), &ask.span_kind), ("ask small", &SpanKind::Client));
    assert_eq!(nanos(ask.start_time), our_ask.start_unix_nano().into());
    assert_eq!(nanos(ask.end_time), our_ask.end_unix_nano().into());
    assert_eq!(ask.status, SdkStatus::error("too long"));
    for (key, value) in [
        ("model", Value::from("small")),
        ("retries", Value::I64(2)),
        ("ratio", Value::F64(0.5)),
        ("cold", Value::Bool(true)),
        ("tags", Value::Array(Array::String(vec!["a".into(), "b".into()]))),
        ("huge", Value::from("18446744073709551615")),
        ("code.function.name", Value::from("otel_exporter::ask")),
    ] {
        assert_eq!(attribute(&ask.attributes, key), Some(&value), "{key}");
    }
    assert_eq!(ask.attributes.len(), our_ask.attributes().count());
    events_links_and_scope(ask, our_ask);

    assert_eq!(
        (plain.status.clone(), plain.span_kind.clone()),
        (SdkStatus::Unset, SpanKind::Internal)
    );
    assert_eq!((plain.events.len(), plain.events.dropped_count), (1, 2));
    assert_eq!((plain.dropped_attributes_count, plain.links.dropped_count), (0, 0));
    assert!(trace.shutdown(DEADLINE).is_complete());
    assert!(sdk.is_shutdown_called());
}

fn grpc(endpoint: &str) -> OtelExporter<opentelemetry_otlp::SpanExporter> {
    let endpoint = endpoint.to_owned();
    OtelExporter::new(move || {
        opentelemetry_otlp::SpanExporter::builder().with_tonic().with_endpoint(&endpoint).build()
    })
}

/// Returns the service and the span's name of so many spans that came.
fn received(collector: &Collector, count: usize) -> Vec<[String; 2]> {
    let mut spans = Vec::new();
    while spans.len() < count {
        let request = collector.traces.recv_timeout(DEADLINE).expect("a request").into_inner();
        let [one] = &request.resource_spans[..] else { panic!("{request:?}") };
        assert!(one.schema_url.contains("opentelemetry.io/schemas/"), "{}", one.schema_url);
        let resource = one.resource.as_ref().expect("a resource");
        let service = resource.attributes.iter().find(|pair| pair.key == "service.name");
        let service = service.and_then(|pair| match pair.value.clone()?.value? {
            any_value::Value::StringValue(text) => Some(text),
            _ => None,
        });
        let service = service.expect("a service with a name");
        let names = one.scope_spans.iter().flat_map(|scope| &scope.spans).map(|span| &span.name);
        spans.extend(names.map(|name| [service.clone(), name.clone()]));
    }
    spans
}

#[test]
fn the_ecosystem_s_grpc_exporter_delivers_to_a_collector() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = start_with(grpc(&collector.endpoint));
    for _ in 0..2 {
        spans(3);
        assert!(trace.flush(DEADLINE).is_complete());
        assert_eq!(received(&collector, 3), [["stories", "span"]; 3]);
    }
    assert!(trace.shutdown(DEADLINE).is_complete());
}

#[test]
fn a_configuration_used_again_builds_its_exporter_anew() {
    let _alone = alone();
    let collector = Collector::start();
    let config = TraceConfig::new("again").exporter(grpc(&collector.endpoint));
    for _ in 0..2 {
        let trace = init(config.clone()).expect("nothing records yet");
        spans(1);
        assert!(trace.shutdown(DEADLINE).is_complete());
        assert_eq!(received(&collector, 1), [["again", "span"]]);
    }
}

#[test]
fn inside_a_runtime_of_one_thread_nothing_hangs_and_nothing_panics() {
    let _alone = alone();
    let collector = Collector::start();
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let config = TraceConfig::new("runtime").exporter(grpc(&collector.endpoint));
        let trace = init(config.clone()).expect("nothing records yet");
        spans(1);
        assert!(trace.flush(DEADLINE).is_complete());
        spans(1);
        assert!(trace.flush_async(DEADLINE).await.is_complete());
        assert!(trace.shutdown(DEADLINE).is_complete());
        drop(trace);
        // The last to hold the exporter, where a runtime may not be dropped.
        drop(config);
    });
    assert_eq!(received(&collector, 2), [["runtime", "span"]; 2]);
}

/// Fails at each call.
#[derive(Debug)]
struct Broken;

impl SpanExporter for Broken {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Err(OTelSdkError::InternalFailure("no route".to_owned()))
    }
}

#[test]
fn what_an_exporter_fails_to_deliver_is_counted() {
    let _alone = alone();
    let trace = start_with(OtelExporter::from(Broken));
    spans(10);
    let delivery = trace.shutdown(DEADLINE);
    assert_eq!(delivered_and_failed(&delivery), (0, 10), "{delivery}");
}

/// Never answers; tells when it is dropped in the middle of an export.
#[derive(Debug)]
struct Stuck(Sender<()>);

struct TellsWhenDropped<'a>(&'a Sender<()>);

impl Drop for TellsWhenDropped<'_> {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

impl SpanExporter for Stuck {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        let _tells = TellsWhenDropped(&self.0);
        pending().await
    }
}

#[test]
fn an_exporter_that_never_answers_is_cut_at_its_deadline_and_counted() {
    let _alone = alone();
    let (dropped, is_dropped) = channel();
    let trace = start_with(OtelExporter::from(Stuck(dropped)).deadline(Duration::from_millis(20)));
    spans(10);
    let delivery = trace.flush(DEADLINE);
    assert_eq!(is_dropped.recv_timeout(DEADLINE), Ok(()));
    assert_eq!(delivered_and_failed(&delivery), (0, 10), "{delivery}");
    assert_eq!(delivered_and_failed(&trace.shutdown(DEADLINE)), (0, 10));
}

#[test]
fn one_that_cannot_be_built_loses_those_spans_and_is_tried_again() {
    let _alone = alone();
    let sdk = InMemorySpanExporter::default();
    let (mut tries, built) = (0, sdk.clone());
    let trace = start_with(OtelExporter::new(move || {
        tries += 1;
        assert_ne!(tries, 1, "the first one panics");
        if tries == 2 { Err("the second one fails") } else { Ok(built.clone()) }
    }));
    for count in [1, 2, 4] {
        spans(count);
        let _ = trace.flush(DEADLINE);
    }
    assert_eq!(sdk.get_finished_spans().expect("nobody panicked").len(), 4);
    assert_eq!(delivered_and_failed(&trace.shutdown(DEADLINE)), (4, 3));
}

/// Does what clients do in a runtime: spawns, waits for what it spawned before, and blocks.
#[derive(Debug)]
struct Busy {
    is_quiet: Mutex<Receiver<bool>>,
    to_quiet: Sender<bool>,
}

impl SpanExporter for Busy {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        spans(1);
        let is_quiet = opentelemetry::Context::is_current_telemetry_suppressed();
        let to_quiet = self.to_quiet.clone();
        tokio::spawn(async move {
            spans(1);
            let is_quiet = opentelemetry::Context::is_current_telemetry_suppressed() && is_quiet;
            tokio::task::yield_now().await;
            let _ = to_quiet.send(is_quiet);
        });
        // As the blocking client of `reqwest` does; in a runtime that drives this it would panic.
        drop(Builder::new_current_thread().build());
        let spawned = self.is_quiet.lock().unwrap_or_else(PoisonError::into_inner).recv();
        if spawned == Ok(true) { Ok(()) } else { Err(OTelSdkError::AlreadyShutdown) }
    }
}

#[test]
fn an_exporter_may_spawn_and_block_and_nothing_of_it_is_traced() {
    let _alone = alone();
    let (to_quiet, is_quiet) = channel();
    let busy = Busy { is_quiet: Mutex::new(is_quiet), to_quiet };
    let trace = start_with(OtelExporter::from(busy));
    spans(1);
    assert!(trace.flush(DEADLINE).is_complete());
    assert_eq!(trace.flush(DEADLINE).delivered, 1);
    assert_eq!(delivered_and_failed(&trace.shutdown(DEADLINE)), (1, 0));
}
