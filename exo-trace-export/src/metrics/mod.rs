//! Metrics computed in the drain from finished spans, so that call sites pay nothing for them.
//!
//! What a span is, its `gen_ai.operation.name` says. The SDK adds up; a reporter of ours sends that
//! together with the tracer's own counters, over the transport that spans take.

#[cfg(feature = "otlp")]
mod calls;
#[cfg(feature = "otlp")]
mod catalog;
#[cfg(feature = "otlp")]
mod closed;
#[cfg(feature = "otlp")]
mod dimensions;
#[cfg(feature = "otlp")]
mod flushes;
#[cfg(feature = "otlp")]
mod gen_ai;
#[cfg(feature = "otlp")]
mod instruments;
#[cfg(feature = "otlp")]
mod meters;
#[cfg(feature = "otlp")]
mod page;
#[cfg(feature = "otlp")]
mod reporter;
#[cfg(feature = "otlp")]
mod reporting;
#[cfg(feature = "otlp")]
mod request;
#[cfg(feature = "otlp")]
mod said;
#[cfg(not(feature = "otlp"))]
mod silent;
#[cfg(feature = "otlp")]
mod span_metrics;
#[cfg(feature = "otlp")]
mod work;

#[cfg(all(test, feature = "otlp"))]
pub(crate) use reporter::{Manner, Reporter, way};
#[cfg(feature = "otlp")]
pub(crate) use reporting::Reporting;
#[cfg(feature = "otlp")]
pub(crate) use request::Period;
#[cfg(not(feature = "otlp"))]
pub(crate) use silent::Reporting;
#[cfg(feature = "otlp")]
use span_metrics::Spoken;
