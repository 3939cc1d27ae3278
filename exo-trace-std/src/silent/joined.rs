//! OpenTelemetry's current context when nothing of ours is recorded: neither knows of the other.

use super::Context;

/// Does nothing.
pub(crate) fn join() {}

/// Does nothing.
pub(crate) fn part() {}

/// Returns an empty context.
pub(crate) fn to_opentelemetry(_context: &Context) -> opentelemetry::Context {
    opentelemetry::Context::new()
}

/// Returns a context without a span.
pub(crate) fn from_opentelemetry(_context: &opentelemetry::Context) -> Context {
    Context::empty()
}
