//! The ecosystem's exporters as destinations: any `SpanExporter` of the OpenTelemetry SDK.

mod otel_exporter;
mod reactor;
mod sdk_span;

pub use otel_exporter::OtelExporter;
