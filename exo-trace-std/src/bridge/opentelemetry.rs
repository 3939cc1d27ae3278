//! One trace with spans made through OpenTelemetry's API.
//!
//! A program that moves from one to the other has both for a while. Once they are joined by [`join`], a
//! span of ours is the parent of whatever any tracer of OpenTelemetry's begins inside it, and a span of
//! theirs that is active is the parent of ours that begin inside it, on whatever thread or in whatever task
//! its context is. Each side still delivers its own spans: send both to the same place.
//!
//! What is said to the active span through OpenTelemetry's API, where that is one of ours, is said of ours:
//! attributes, events, links, the status and the name.
//!
//! Baggage and trace state are seen from both sides: theirs by us at once, ours by them from the next span
//! or poll of ours on, because only then a context is attached. Where both sides changed one member since,
//! theirs wins.
//!
//! Nothing that OpenTelemetry suppresses is traced by us, and the other way round, so that nobody traces an
//! export of the other. A trace that one side does not sample is not sampled by the other: as any parent's,
//! the decision is kept by [`Sampler`](crate::Sampler) and by the SDK's `ParentBased`.

#[cfg(feature = "enabled")]
use crate::recording as spans;
#[cfg(not(feature = "enabled"))]
use crate::silent as spans;

use crate::Context;

/// Joins the current span of every thread with OpenTelemetry's current context, until [`part`].
///
/// ```
/// use exo_trace_std::{Context, SpanContext, bridge::opentelemetry};
/// use ::opentelemetry::Context as Theirs;
/// use ::opentelemetry::trace::TraceContextExt;
///
/// opentelemetry::join();
/// let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// let _attached = Context::of(SpanContext::from_traceparent(parent)?).attach();
/// let active = Theirs::current().span().span_context().span_id();
/// assert_eq!(active.to_string(), "00f067aa0ba902b7");
/// # Ok::<(), exo_trace_std::ParseTraceparentError>(())
/// ```
///
/// From then on a span of ours takes about as long as one of its SDK does, and so does each poll of a
/// traced future: a context of OpenTelemetry's lives on the heap and allocates several times. Spans that are
/// current already stay what they are to us, and unknown to OpenTelemetry.
///
/// Inside the closures of OpenTelemetry's `Context::map_current` and `get_active_span` no context can be
/// attached: it panics over it, which is caught, and prints what panics print. A program built with
/// `panic = "abort"` cannot catch it, and ends there. Spans of ours that begin there have the right parents;
/// spans of OpenTelemetry's begin below what is active outside.
pub fn join() {
    spans::join();
}

/// Lets the two be apart again. What is attached leaves with its span.
pub fn part() {
    spans::part();
}

/// Returns a context of OpenTelemetry's with the span, baggage and trace state of `context`, joined or not.
pub fn to_opentelemetry(context: &Context) -> ::opentelemetry::Context {
    spans::to_opentelemetry(context)
}

/// Returns a context with the span, baggage and trace state of one of OpenTelemetry's, joined or not.
///
/// With the identity, where the span is one of ours or began below one. A member of the baggage that ours
/// has no room for, or no grammar, is refused whole and counted.
pub fn from_opentelemetry(context: &::opentelemetry::Context) -> Context {
    spans::from_opentelemetry(context)
}
