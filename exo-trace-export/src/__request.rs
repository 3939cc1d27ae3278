//! Requests in JSON, divided as those of the spool are: what a replay of files leans on.
//!
//! Not for callers: it changes without notice.

pub use crate::exporter::otlp::divide::json::{Request, ResourceSpans, ScopeSpans};
