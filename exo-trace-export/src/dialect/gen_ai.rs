//! The current OpenTelemetry GenAI conventions: a key that begins with `gen_ai.` is its own name.
//!
//! The cost of a call has no name in them yet; its key, `gen_ai.usage.cost`, is what Langfuse reads. Sessions
//! and users have theirs outside of them, in the general conventions.

/// What stands under another key, and its name in the conventions.
pub(super) const NAMES: &[(&str, &str)] = &[("session.id", "session.id"), ("user.id", "user.id")];
