//! What tracing says of itself as OTLP metrics: what it handed on, what it lost and why.
//!
//! The messages are OpenTelemetry's own, and they travel as the spans do, over the same transport.
//! The metrics SDK is not between: the counters exist already and are cumulative, so an export is
//! one reading of them, and a missed one is made up for by the next.

#[cfg(feature = "otlp")]
mod message;
#[cfg(feature = "otlp")]
mod names;
mod snapshot;
#[cfg(all(test, feature = "otlp"))]
mod stories;

#[cfg(feature = "otlp")]
pub(crate) use message::scope;
pub(crate) use snapshot::{DestinationSnapshot, Snapshot};
