//! The messages of a trace as JSON names their fields, and their counterparts in protobuf.

use super::scalar::{Base64, Double, Id, Integer};
use opentelemetry_proto::tonic::common::v1 as common;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::resource::v1::Resource as OtlpResource;
use opentelemetry_proto::tonic::trace::v1 as otlp;
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Resource {
    attributes: Vec<KeyValue>,
    dropped_attributes_count: u32,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Scope {
    name: String,
    version: String,
    attributes: Vec<KeyValue>,
    dropped_attributes_count: u32,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Span {
    trace_id: Id,
    span_id: Id,
    trace_state: String,
    parent_span_id: Id,
    flags: u32,
    name: String,
    kind: i32,
    start_time_unix_nano: Integer<u64>,
    end_time_unix_nano: Integer<u64>,
    attributes: Vec<KeyValue>,
    dropped_attributes_count: u32,
    events: Vec<Event>,
    dropped_events_count: u32,
    links: Vec<Link>,
    dropped_links_count: u32,
    status: Option<Status>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Event {
    time_unix_nano: Integer<u64>,
    name: String,
    attributes: Vec<KeyValue>,
    dropped_attributes_count: u32,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Link {
    trace_id: Id,
    span_id: Id,
    trace_state: String,
    attributes: Vec<KeyValue>,
    dropped_attributes_count: u32,
    flags: u32,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    message: String,
    code: i32,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeyValue {
    key: String,
    value: Option<AnyValue>,
}

/// One field of them at most.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AnyValue {
    string_value: Option<String>,
    bool_value: Option<bool>,
    int_value: Option<Integer<i64>>,
    double_value: Option<Double>,
    array_value: Option<List<AnyValue>>,
    kvlist_value: Option<List<KeyValue>>,
    bytes_value: Option<Base64>,
}

#[derive(Deserialize)]
#[serde(default)]
struct List<T> {
    values: Vec<T>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { values: Vec::new() }
    }
}

/// Turns each into its counterpart.
fn all<T: Into<U>, U>(from: Vec<T>) -> Vec<U> {
    from.into_iter().map(T::into).collect()
}

impl From<Resource> for OtlpResource {
    fn from(from: Resource) -> Self {
        Self {
            attributes: all(from.attributes),
            dropped_attributes_count: from.dropped_attributes_count,
            ..Self::default()
        }
    }
}

impl From<Scope> for common::InstrumentationScope {
    fn from(from: Scope) -> Self {
        Self {
            name: from.name,
            version: from.version,
            attributes: all(from.attributes),
            dropped_attributes_count: from.dropped_attributes_count,
        }
    }
}

impl From<Span> for otlp::Span {
    fn from(from: Span) -> Self {
        Self {
            trace_id: from.trace_id.0,
            span_id: from.span_id.0,
            trace_state: from.trace_state,
            parent_span_id: from.parent_span_id.0,
            flags: from.flags,
            name: from.name,
            kind: from.kind,
            start_time_unix_nano: from.start_time_unix_nano.0,
            end_time_unix_nano: from.end_time_unix_nano.0,
            attributes: all(from.attributes),
            dropped_attributes_count: from.dropped_attributes_count,
            events: all(from.events),
            dropped_events_count: from.dropped_events_count,
            links: all(from.links),
            dropped_links_count: from.dropped_links_count,
            status: from.status.map(Status::into),
        }
    }
}

impl From<Event> for otlp::span::Event {
    fn from(from: Event) -> Self {
        Self {
            time_unix_nano: from.time_unix_nano.0,
            name: from.name,
            attributes: all(from.attributes),
            dropped_attributes_count: from.dropped_attributes_count,
        }
    }
}

impl From<Link> for otlp::span::Link {
    fn from(from: Link) -> Self {
        Self {
            trace_id: from.trace_id.0,
            span_id: from.span_id.0,
            trace_state: from.trace_state,
            attributes: all(from.attributes),
            dropped_attributes_count: from.dropped_attributes_count,
            flags: from.flags,
        }
    }
}

impl From<Status> for otlp::Status {
    fn from(from: Status) -> Self {
        Self { message: from.message, code: from.code }
    }
}

impl From<KeyValue> for common::KeyValue {
    fn from(from: KeyValue) -> Self {
        Self { key: from.key, value: from.value.map(AnyValue::into), ..Self::default() }
    }
}

impl From<AnyValue> for common::AnyValue {
    fn from(from: AnyValue) -> Self {
        let value = from.string_value.map(Value::StringValue);
        let value = value.or(from.bool_value.map(Value::BoolValue));
        let value = value.or(from.int_value.map(|value| Value::IntValue(value.0)));
        let value = value.or(from.double_value.map(|value| Value::DoubleValue(value.0)));
        let value = value.or(from
            .array_value
            .map(|list| Value::ArrayValue(common::ArrayValue { values: all(list.values) })));
        let value = value.or(from
            .kvlist_value
            .map(|list| Value::KvlistValue(common::KeyValueList { values: all(list.values) })));
        Self { value: value.or(from.bytes_value.map(|bytes| Value::BytesValue(bytes.0))) }
    }
}
