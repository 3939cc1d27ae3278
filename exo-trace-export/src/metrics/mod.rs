//! Metrics computed in the drain from finished spans, so that call sites pay nothing for them.
//!
//! What a span is, its `gen_ai.operation.name` says. The SDK adds up; a reporter of ours sends that
//! together with the tracer's own counters, over the transport that spans take.

mod calls;
mod catalog;
mod closed;
mod dimensions;
mod flushes;
mod gen_ai;
mod instruments;
mod meters;
mod page;
mod reporter;
mod reporting;
mod request;
mod said;
mod span_metrics;
mod work;

#[cfg(test)]
pub(crate) use reporter::{Manner, Reporter, way};
pub(crate) use reporting::Reporting;
pub(crate) use request::Period;
use span_metrics::Spoken;
