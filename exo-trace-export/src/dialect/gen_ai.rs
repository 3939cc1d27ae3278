//! The current OpenTelemetry GenAI conventions: a key that begins with `gen_ai.` is its own name.
//!
//! The cost of a call has no name in them yet; its key, `gen_ai.usage.cost`, is what Langfuse reads.

/// What stands under another key, and its name in the conventions.
pub(super) const NAMES: &[(&str, &str)] = &[];
