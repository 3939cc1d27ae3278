//! Spans and events of `tracing` as spans and events of the same trace.

#[cfg(not(feature = "enabled"))]
mod disabled;
#[cfg(feature = "enabled")]
mod enabled;

#[cfg(not(feature = "enabled"))]
pub use disabled::{Layer, layer};
#[cfg(feature = "enabled")]
pub use enabled::{Layer, layer};
