//! A span as a collector should see it, told from the span's own getters.

use crate::SpanData;
use exo_trace_core::{StatusCode, TraceFlags, Value};
use opentelemetry_proto::tonic::common::v1::any_value::Value as Otlp;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::{Span, Status, span};

fn any_value(value: Value<'_>) -> Option<Otlp> {
    Some(match value {
        Value::Bool(value) => Otlp::BoolValue(value),
        Value::I64(value) => Otlp::IntValue(value),
        Value::U64(value) => Otlp::StringValue(value.to_string()),
        Value::F64(value) => Otlp::DoubleValue(value),
        Value::Text(text) => Otlp::StringValue(text.to_owned()),
        Value::Texts(texts) => {
            let values = texts.iter().map(|text| AnyValue { value: any_value(Value::Text(text)) });
            Otlp::ArrayValue(ArrayValue { values: values.collect() })
        }
        _ => return None,
    })
}

pub(super) fn key_values<'a>(
    attributes: impl Iterator<Item = (&'a str, Value<'a>)>,
) -> Vec<KeyValue> {
    let pair = |(key, value): (&str, _)| {
        let value = Some(AnyValue { value: Some(any_value(value)?) });
        Some(KeyValue { key: key.to_owned(), value, ..KeyValue::default() })
    };
    attributes.filter_map(pair).collect()
}

fn flags(flags: TraceFlags, is_remote: bool) -> u32 {
    u32::from(flags.to_byte()) + 256 + if is_remote { 512 } else { 0 }
}

/// The span as a collector should see it.
pub(super) fn expected(span: &SpanData<'_>) -> Span {
    let status = span.status();
    let code = match status.code() {
        StatusCode::Unset => 0,
        StatusCode::Ok => 1,
        StatusCode::Error => 2,
    };
    Span {
        trace_id: span.trace_id().to_bytes().to_vec(),
        span_id: span.span_id().to_bytes().to_vec(),
        parent_span_id: span.parent_span_id().map_or(Vec::new(), |id| id.to_bytes().to_vec()),
        trace_state: String::new(),
        flags: flags(span.trace_flags(), span.is_parent_remote()),
        name: span.name().into_owned(),
        kind: span.kind() as i32 + 1,
        start_time_unix_nano: span.start_unix_nano(),
        end_time_unix_nano: span.end_unix_nano(),
        attributes: key_values(span.attributes()),
        dropped_attributes_count: span.dropped_attributes_count(),
        events: span
            .events()
            .map(|event| span::Event {
                time_unix_nano: event.time_unix_nano,
                name: event.name.to_owned(),
                attributes: key_values(event.attributes.into_iter()),
                dropped_attributes_count: event.dropped_attributes_count,
            })
            .collect(),
        dropped_events_count: span.dropped_events_count(),
        links: span
            .links()
            .map(|link| span::Link {
                trace_id: link.context.trace_id.to_bytes().to_vec(),
                span_id: link.context.span_id.to_bytes().to_vec(),
                trace_state: String::new(),
                attributes: key_values(link.attributes.into_iter()),
                dropped_attributes_count: link.dropped_attributes_count,
                flags: flags(link.context.flags, link.context.is_remote),
            })
            .collect(),
        dropped_links_count: span.dropped_links_count(),
        status: (code != 0).then(|| Status { message: status.description().to_owned(), code }),
    }
}
