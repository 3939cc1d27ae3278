//! OTLP JSON to protobuf: the same messages in the other encoding.
//!
//! Liberal where ProtoJSON is: a 64-bit integer may be a string or a number, `NaN` and the infinities
//! are strings, fields nobody knows are passed over.
//!
//! Source: OTLP specification 1.9, "JSON Protobuf Encoding"; Protocol Buffers, "ProtoJSON Format".

mod message;
mod scalar;

use exo_trace_export::__request::{Request, ResourceSpans, ScopeSpans};
use message::{Resource, Scope, Span};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1 as otlp;
use prost::Message;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Returns the request's bytes in protobuf.
pub(crate) fn encode(request: &Request<'_>) -> serde_json::Result<Vec<u8>> {
    let resources = request.resource_spans.iter().map(resource_spans);
    let request =
        ExportTraceServiceRequest { resource_spans: resources.collect::<Result<_, _>>()? };
    Ok(request.encode_to_vec())
}

fn resource_spans(from: &ResourceSpans<'_>) -> serde_json::Result<otlp::ResourceSpans> {
    Ok(otlp::ResourceSpans {
        resource: from.resource.map(read::<Resource>).transpose()?.map(Resource::into),
        scope_spans: from.scope_spans.iter().map(scope_spans).collect::<Result<_, _>>()?,
        schema_url: from.schema_url.clone().into_owned(),
    })
}

fn scope_spans(from: &ScopeSpans<'_>) -> serde_json::Result<otlp::ScopeSpans> {
    let spans = from.spans.iter().map(|span| read::<Span>(span).map(Span::into));
    Ok(otlp::ScopeSpans {
        scope: from.scope.map(read::<Scope>).transpose()?.map(Scope::into),
        spans: spans.collect::<Result<_, _>>()?,
        schema_url: from.schema_url.clone().into_owned(),
    })
}

fn read<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> serde_json::Result<T> {
    serde_json::from_str(raw.get())
}
