//! What tracing says of itself as OTLP metrics: what it handed on, what it lost and why.
//!
//! The messages are OpenTelemetry's own, and they travel as the spans do, over the same transport.
//! The metrics SDK is not between: the counters exist already and are cumulative, so an export is
//! one reading of them, a missed one is made up for by the next, and the end has our deadline,
//! where the SDK's reader waits five seconds whoever asks.

#[cfg(feature = "otlp")]
mod message;
#[cfg(feature = "otlp")]
mod names;
#[cfg(feature = "otlp")]
mod reporter;
#[cfg(not(feature = "otlp"))]
mod silent;
mod snapshot;
#[cfg(all(test, feature = "otlp"))]
mod stories;

#[cfg(feature = "otlp")]
pub(crate) use reporter::SelfMetrics;
#[cfg(not(feature = "otlp"))]
pub(crate) use silent::SelfMetrics;
pub(crate) use snapshot::{DestinationSnapshot, Snapshot};
