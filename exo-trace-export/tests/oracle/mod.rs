//! What a request should say, asked of others: the OpenTelemetry SDK's spans and their own protobuf.
//!
//! Spans are turned into the SDK's through nothing but the public getters of [`SpanData`], the SDK's
//! exporter crate turns those into messages, and the bytes of ours are decoded by `prost`. Compared
//! is what both say when they are written again: then a double that is no number equals itself.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_export::SpanData;
use exo_trace_std::{Status, Value};
use opentelemetry::trace::{
    Event, Link, SpanContext, SpanId, SpanKind, Status as SdkStatus, TraceFlags, TraceId,
    TraceState,
};
use opentelemetry::{Array, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span};
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::trace::{SpanData as SdkSpan, SpanEvents, SpanLinks};
use prost::Message;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.41.0";

/// Reads a request; whoever sends spans sends one resource with them.
pub(crate) fn decoded(request: &[u8]) -> ResourceSpans {
    let request = ExportTraceServiceRequest::decode(request).expect("the bytes are a request");
    let [resource_spans] = <[_; 1]>::try_from(request.resource_spans).expect("one resource");
    resource_spans
}

/// Returns every span of a request.
pub(crate) fn spans(request: &[u8]) -> Vec<Span> {
    decoded(request).scope_spans.into_iter().flat_map(|scope| scope.spans).collect()
}

/// Compares a request with the spans that went into it.
pub(crate) fn check<'a>(request: &[u8], spans: impl Iterator<Item = SpanData<'a>>) {
    let (mut found, expected) = (decoded(request), expected(spans));
    for span in found.scope_spans.iter_mut().flat_map(|scope| &mut scope.spans) {
        // A status left out is the one that says nothing.
        span.status.get_or_insert_default();
    }
    assert_eq!(found.schema_url, expected.schema_url);
    assert_eq!(found.resource, expected.resource);
    assert_eq!(found.scope_spans.len(), expected.scope_spans.len());
    for (found, expected) in found.scope_spans.iter().zip(&expected.scope_spans) {
        assert_eq!((&found.scope, &found.schema_url), (&expected.scope, &expected.schema_url));
        assert_eq!(found.spans.len(), expected.spans.len());
        for (found, expected) in found.spans.iter().zip(&expected.spans) {
            let is_same = found.encode_to_vec() == expected.encode_to_vec();
            assert!(is_same, "found {found:#?}\nexpected {expected:#?}");
        }
    }
}

fn expected<'a>(spans: impl Iterator<Item = SpanData<'a>>) -> ResourceSpans {
    let schema_url = Some(SCHEMA_URL.to_owned());
    let mut resource = ResourceAttributesWithSchema { schema_url, ..Default::default() };
    let mut sdk_spans = Vec::new();
    for span in spans {
        resource.attributes = key_values(span.resource().attributes()).into();
        sdk_spans.push(sdk_span(&span));
    }
    let [grouped] = <[_; 1]>::try_from(group_spans_by_resource_and_scope(sdk_spans, &resource))
        .expect("one resource");
    grouped
}

fn sdk_span(span: &SpanData<'_>) -> SdkSpan {
    let mut events = SpanEvents::default();
    events.dropped_count = span.dropped_events_count();
    events.events = span.events().map(sdk_event).collect();
    let mut links = SpanLinks::default();
    links.dropped_count = span.dropped_links_count();
    links.links = span
        .links()
        .map(|link| {
            let lost = link.dropped_attributes_count;
            Link::new(sdk_context(&link.context), key_values(link.attributes), lost)
        })
        .collect();
    let scope = span.scope();
    SdkSpan {
        span_context: sdk_context(&span.span_context()),
        parent_span_id: span
            .parent_span_id()
            .map_or(SpanId::INVALID, |id| SpanId::from_bytes(id.to_bytes())),
        parent_span_is_remote: span.is_parent_remote(),
        span_kind: sdk_kind(span.kind().as_str()),
        name: span.name().into_owned().into(),
        start_time: time(span.start_unix_nano()),
        end_time: time(span.end_unix_nano()),
        attributes: key_values(span.attributes()),
        dropped_attributes_count: span.dropped_attributes_count(),
        events,
        links,
        status: match span.status() {
            Status::Unset => SdkStatus::Unset,
            Status::Ok => SdkStatus::Ok,
            Status::Error(description) => SdkStatus::error(description.into_owned()),
        },
        instrumentation_scope: InstrumentationScope::builder(scope.name)
            .with_version(scope.version)
            .with_schema_url(SCHEMA_URL)
            .build(),
    }
}

fn sdk_event(event: exo_trace_export::Event<'_>) -> Event {
    let lost = event.dropped_attributes_count;
    let attributes = key_values(event.attributes);
    Event::new(event.name.to_owned(), time(event.time_unix_nano), attributes, lost)
}

fn sdk_context(context: &exo_trace_std::SpanContext) -> SpanContext {
    SpanContext::new(
        TraceId::from_bytes(context.trace_id.to_bytes()),
        SpanId::from_bytes(context.span_id.to_bytes()),
        TraceFlags::new(context.flags.to_byte()),
        context.is_remote,
        TraceState::NONE,
    )
}

fn sdk_kind(kind: &str) -> SpanKind {
    match kind {
        "server" => SpanKind::Server,
        "client" => SpanKind::Client,
        "producer" => SpanKind::Producer,
        "consumer" => SpanKind::Consumer,
        _ => SpanKind::Internal,
    }
}

fn time(unix_nano: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(unix_nano)
}

fn key_values<'a>(attributes: impl IntoIterator<Item = (&'a str, Value<'a>)>) -> Vec<KeyValue> {
    let attributes = attributes.into_iter();
    attributes
        .filter_map(|(key, value)| Some(KeyValue::new(key.to_owned(), sdk_value(value)?)))
        .collect()
}

fn sdk_value(value: Value<'_>) -> Option<opentelemetry::Value> {
    Some(match value {
        Value::Bool(value) => value.into(),
        Value::I64(value) => value.into(),
        // The SDK has no larger integer either.
        Value::U64(value) => value.to_string().into(),
        Value::F64(value) => value.into(),
        Value::Text(text) => text.to_owned().into(),
        Value::Texts(texts) => {
            let texts = texts.iter().map(|text| text.to_owned().into()).collect();
            opentelemetry::Value::Array(Array::String(texts))
        }
        _ => return None,
    })
}
