//! Spans of ours and of OpenTelemetry's SDK in one trace, whoever began inside whom.
//!
//! Nothing here leaves out of order, and each story checks that nothing was taken for it.

#![allow(clippy::unwrap_used, reason = "a story that cannot begin has failed")]

mod along;
mod edges;
mod facts;
mod merged;
mod nesting;
mod sampling;
mod tasks;
