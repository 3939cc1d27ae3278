//! Spans as the bytes of an OTLP request, written straight from the words of a batch.
//!
//! No object is made for a span or an attribute. What is constant about a call site or a key is
//! written once and copied from then on. Messages whose length is known only afterwards get two bytes
//! for it; a length below 128 is then padded, which protobuf allows.
//!
//! Source: opentelemetry-proto 1.9, `trace/v1/trace.proto` and `common/v1/common.proto`.

mod any_value;
mod cut;
mod draft;
mod encoder;
mod moments;
mod mould;
mod own;
mod protobuf;
mod request;
mod simple;
mod span;
mod template;

pub(crate) use encoder::Encoder;
