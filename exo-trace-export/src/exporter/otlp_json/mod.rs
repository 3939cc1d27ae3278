//! OTLP as JSON: what collectors take over HTTP, and what stands in files, one request a line.
//!
//! Written straight from the spans' own words by serde; there is no tree of values between.
//!
//! Source: OTLP specification 1.9, "JSON Protobuf Encoding".

#[cfg(any(feature = "otlp", test))]
mod batches;
mod cut;
#[cfg(test)]
mod oracle;
mod origin;
mod request;
mod span;
mod value;

pub(crate) use request::JsonRequest;
