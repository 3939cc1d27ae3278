//! What tracing says of itself as OTLP metrics: what it handed on, what it lost and why.
//!
//! The messages are OpenTelemetry's own, and they travel as the spans do, over the same transport.
//! The metrics SDK is not between: the counters exist already and are cumulative, so an export is
//! one reading of them, a missed one is made up for by the next, and the end has our deadline,
//! where the SDK's reader waits five seconds whoever asks.

mod message;
mod names;
mod reporter;
mod snapshot;
#[cfg(test)]
mod stories;

pub(crate) use reporter::SelfMetrics;
pub(crate) use snapshot::{DestinationSnapshot, Snapshot};
