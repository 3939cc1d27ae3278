//! What other tracing systems want carried along: the W3C `tracestate` header.

mod grammar;
mod list;

pub use grammar::ParseTraceStateError;
pub use list::{TRACE_STATE_BYTES_MAX, TRACE_STATE_MEMBERS_MAX, TraceState};
