//! The page's `exo.trace.instrumentation`: typed spans, runs recorded when they are over, a timer.

pub use exo_trace_std::instrumentation::*;
