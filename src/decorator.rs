//! The page's `exo.trace.decorator`: `#[traced]`, and spans without decorating a function.

pub use exo_trace_std::{extract_metadata, span_async, span_sync, traced};
