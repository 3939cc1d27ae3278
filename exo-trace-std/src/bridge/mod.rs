//! Where a trace goes on in other libraries: a module for each, behind the feature of its name; and threads,
//! which need none.

#[cfg(feature = "a2a")]
pub mod a2a;
#[cfg(feature = "tower")]
mod exchange;
#[cfg(feature = "http")]
pub mod http;
#[cfg(any(feature = "a2a", feature = "mcp"))]
mod json;
#[cfg(feature = "mcp")]
pub mod mcp;
#[cfg(feature = "opentelemetry")]
pub mod opentelemetry;
#[cfg(feature = "reqwest")]
pub mod reqwest;
pub mod thread;
#[cfg(feature = "tokio")]
pub mod tokio;
#[cfg(feature = "tonic")]
pub mod tonic;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "tracing")]
pub mod tracing;
