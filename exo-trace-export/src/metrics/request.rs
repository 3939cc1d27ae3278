//! Metrics as the request that a collector takes, with what the process says about itself.

use crate::resource::Resource;
use exo_trace_std::Value;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics, ScopeMetrics};
use opentelemetry_proto::tonic::resource::v1::Resource as ResourceMessage;
use prost::Message;

/// From when to when counters counted, in nanoseconds since the Unix epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    pub(crate) start: u64,
    pub(crate) now: u64,
}

/// Returns the bytes of the request that says all of it.
pub(super) fn encoded(scope_metrics: Vec<ScopeMetrics>, resource: &Resource) -> Vec<u8> {
    let attributes = resource.attributes().map(|(key, value)| KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue { value: Some(any(value)) }),
        ..KeyValue::default()
    });
    let resource = ResourceMessage { attributes: attributes.collect(), ..Default::default() };
    let resource_metrics =
        ResourceMetrics { resource: Some(resource), scope_metrics, ..ResourceMetrics::default() };
    ExportMetricsServiceRequest { resource_metrics: vec![resource_metrics] }.encode_to_vec()
}

fn text(text: &str) -> any_value::Value {
    any_value::Value::StringValue(text.to_owned())
}

/// Returns a resource's value; all that a resource can hold, OTLP can.
fn any(value: Value<'_>) -> any_value::Value {
    match value {
        Value::Bool(value) => any_value::Value::BoolValue(value),
        Value::I64(value) => any_value::Value::IntValue(value),
        Value::F64(value) => any_value::Value::DoubleValue(value),
        Value::U64(value) => text(&value.to_string()),
        Value::Text(value) => text(value),
        Value::Texts(texts) => any_value::Value::ArrayValue(ArrayValue {
            values: texts.iter().map(|value| AnyValue { value: Some(text(value)) }).collect(),
        }),
        _ => text(""),
    }
}
