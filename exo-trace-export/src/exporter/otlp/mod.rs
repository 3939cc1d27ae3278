//! Spans to a collector: OTLP over gRPC and HTTP, and what a collector may answer.

mod answer;
#[cfg(feature = "spool")]
mod spool;
mod transport;
mod encode;

pub(crate) use encode::Encoder;
