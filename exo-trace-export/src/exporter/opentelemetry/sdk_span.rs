//! A span as the OpenTelemetry SDK has it: every field, nothing borrowed.
//!
//! The SDK's exporters keep what they are given, so each text is copied. A `u64` above `i64::MAX`
//! has no place among the SDK's values and becomes its digits.

use crate::exporter::otlp_schema::SCHEMA_URL;
use crate::resource::Resource;
use crate::span_data::{Event, Link, Scope, SpanData};
use exo_trace_std::{SpanContext, SpanId, SpanKind, Status, Value};
use opentelemetry::{Array, InstrumentationScope, KeyValue, StringValue, trace};
use opentelemetry_sdk::trace::{SpanData as SdkSpanData, SpanEvents, SpanLinks};
use std::time::{Duration, SystemTime};

/// Returns the span with everything that is known of it.
pub(crate) fn sdk_span(span: &SpanData<'_>) -> SdkSpanData {
    let mut events = SpanEvents::default();
    events.events = span.events().map(event).collect();
    events.dropped_count = span.dropped_events_count();
    let mut links = SpanLinks::default();
    links.links = span.links().map(link).collect();
    links.dropped_count = span.dropped_links_count();
    SdkSpanData {
        span_context: context(span.span_context()),
        parent_span_id: span.parent_span_id().map_or(trace::SpanId::INVALID, span_id),
        parent_span_is_remote: span.is_parent_remote(),
        span_kind: kind(span.kind()),
        name: span.name().into_owned().into(),
        start_time: time(span.start_unix_nano()),
        end_time: time(span.end_unix_nano()),
        attributes: attributes(span.attributes()),
        dropped_attributes_count: span.dropped_attributes_count(),
        events,
        links,
        status: status(span.status()),
        instrumentation_scope: scope(span.scope()),
    }
}

/// Returns what the process says about itself.
pub(crate) fn sdk_resource(resource: &Resource) -> opentelemetry_sdk::Resource {
    opentelemetry_sdk::Resource::builder_empty()
        .with_schema_url(attributes(resource.attributes()), SCHEMA_URL)
        .build()
}

fn context(context: SpanContext) -> trace::SpanContext {
    trace::SpanContext::new(
        trace::TraceId::from_bytes(context.trace_id.to_bytes()),
        span_id(context.span_id),
        trace::TraceFlags::new(context.flags.to_byte()),
        context.is_remote,
        trace::TraceState::NONE,
    )
}

fn span_id(id: SpanId) -> trace::SpanId {
    trace::SpanId::from_bytes(id.to_bytes())
}

fn kind(kind: SpanKind) -> trace::SpanKind {
    match kind {
        SpanKind::Internal => trace::SpanKind::Internal,
        SpanKind::Server => trace::SpanKind::Server,
        SpanKind::Client => trace::SpanKind::Client,
        SpanKind::Producer => trace::SpanKind::Producer,
        SpanKind::Consumer => trace::SpanKind::Consumer,
    }
}

fn time(unix_nano: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_nanos(unix_nano)
}

fn status(status: Status<'_>) -> trace::Status {
    match status {
        Status::Unset => trace::Status::Unset,
        Status::Ok => trace::Status::Ok,
        Status::Error(description) => trace::Status::error(description.into_owned()),
    }
}

fn scope(Scope { name, version }: Scope) -> InstrumentationScope {
    let scope = InstrumentationScope::builder(name).with_schema_url(SCHEMA_URL);
    if version.is_empty() { scope.build() } else { scope.with_version(version).build() }
}

fn event(event: Event<'_>) -> trace::Event {
    let when = time(event.time_unix_nano);
    trace::Event::new(event.name.to_owned(), when, attributes(event.attributes), 0)
}

fn link(link: Link<'_>) -> trace::Link {
    trace::Link::new(context(link.context), attributes(link.attributes), 0)
}

fn attributes<'a>(pairs: impl IntoIterator<Item = (&'a str, Value<'a>)>) -> Vec<KeyValue> {
    let pairs = pairs.into_iter();
    pairs
        .filter_map(|(key, value)| Some(KeyValue::new(key.to_owned(), sdk_value(value)?)))
        .collect()
}

/// Returns the value; `None` for one that says nothing.
fn sdk_value(value: Value<'_>) -> Option<opentelemetry::Value> {
    Some(match value {
        Value::Bool(value) => value.into(),
        Value::I64(value) => value.into(),
        Value::U64(value) => value.to_string().into(),
        Value::F64(value) => value.into(),
        Value::Text(text) => text.to_owned().into(),
        Value::Interned(text) => text.key()?.as_str().into(),
        Value::Texts(texts) => {
            let texts = texts.iter().map(|text| StringValue::from(text.to_owned())).collect();
            opentelemetry::Value::Array(Array::String(texts))
        }
        _ => return None,
    })
}
