//! A current span as a context of OpenTelemetry's, and back, whole.
//!
//! The context says its ids as any span says them there, and holds the rest as a value of ours. Contexts
//! made of it keep that value, so it counts only where the ids still agree: else somebody made another
//! span current, and the value says no more than for whom the work is done.

use super::along::{carried_in, state_of, with_carried};
use super::own_span::OwnSpan;
use crate::recording::carried::Carrying;
use exo_trace_core::{Current, SpanContext, SpanId, TraceFlags, TraceId};
use opentelemetry::Context;
use opentelemetry::trace::{self, TraceContextExt, TraceState};

/// The value of ours.
struct Ours {
    current: Current,
    /// What the baggage in the context was made of.
    carrying: Carrying,
}

static NOTHING: Ours = Ours { current: Current::NONE, carrying: None };

/// Returns what is current in `context`; `None` where it says nothing of it.
///
/// A span of OpenTelemetry's without ids, as there are after its shutdown, does not count.
pub(super) fn seen_in(context: &Context, own: Current) -> Option<Current> {
    if context.is_telemetry_suppressed() {
        return Some(if own.is_suppressed() { own } else { Current::SUPPRESSED });
    }
    let ours = context.get::<Ours>().map(|ours| ours.current);
    let span = context.span();
    let Some(span) = ids_of(span.span_context()) else { return ours };
    let is_ours = |ours: &Current| is_same(ours, &span);
    let identity = ours.unwrap_or(own).identity();
    Some(ours.filter(is_ours).unwrap_or_else(|| Current::of(span).identified(identity)))
}

/// Returns what `context` carries, where `own` is what our own notes say.
pub(super) fn carrying_in(context: &Context, own: Carrying) -> Carrying {
    let base = &context.get::<Ours>().unwrap_or(&NOTHING).carrying;
    carried_in(context, ids_of(context.span().span_context()), base, own)
}

/// Returns `within` with another current span and what goes along; `None` where it is that already.
pub(super) fn context_with(
    within: &Context,
    current: Current,
    carrying: Carrying,
) -> Option<Context> {
    let is_suppressed = within.is_telemetry_suppressed();
    if current.is_suppressed() {
        return (!is_suppressed).then(|| within.with_telemetry_suppressed());
    }
    // There is no way back from suppression, nor from a span to none, but to begin anew.
    let is_left = is_suppressed || (within.has_active_span() && current.span_id().is_none());
    let anew = Context::new();
    let base = if is_left { &anew } else { within };
    let was = &base.get::<Ours>().unwrap_or(&NOTHING).carrying;
    let packed = with_carried(base, was, &carrying);
    let is_there = !is_left && seen_in(base, Current::NONE).unwrap_or(Current::NONE) == current;
    if is_there && packed.is_none() {
        return None;
    }
    let base = packed.as_ref().unwrap_or(base);
    let spanned =
        current.span_context().and_then(|span| with_span(base, current, &span, &carrying));
    Some(spanned.as_ref().unwrap_or(base).with_value(Ours { current, carrying }))
}

/// Returns a context of OpenTelemetry's with what is in one of ours.
pub(crate) fn to_opentelemetry(context: &crate::Context) -> Context {
    let carrying = context.carrying.clone();
    context_with(&Context::new(), context.current, carrying).unwrap_or_default()
}

/// Returns a context of ours with what is in one of OpenTelemetry's.
pub(crate) fn from_opentelemetry(context: &Context) -> crate::Context {
    let ours = context.get::<Ours>().and_then(|ours| ours.carrying.clone());
    let current = seen_in(context, Current::NONE).unwrap_or(Current::NONE);
    crate::Context { current, carrying: carrying_in(context, ours) }
}

/// Returns `base` with the span active; `None` where it is.
fn with_span(
    base: &Context,
    current: Current,
    span: &SpanContext,
    carrying: &Carrying,
) -> Option<Context> {
    let active = base.span();
    let active = active.span_context();
    if ids_of(active).is_some_and(|active| is_same(&current, &active)) {
        return None;
    }
    let trace_id = trace::TraceId::from_bytes(span.trace_id.to_bytes());
    let inherited = || (active.trace_id() == trace_id).then(|| active.trace_state().clone());
    let ids = trace::SpanContext::new(
        trace_id,
        trace::SpanId::from_bytes(span.span_id.to_bytes()),
        trace::TraceFlags::new(span.flags.to_byte()),
        span.is_remote,
        state_of(carrying, span).or_else(inherited).unwrap_or(TraceState::NONE),
    );
    Some(if current.is_recorded() && !span.is_remote {
        base.with_span(OwnSpan::new(ids, current))
    } else {
        base.with_remote_span_context(ids)
    })
}

/// Returns the ids in our words; `None` where they are none.
pub(super) fn ids_of(span: &trace::SpanContext) -> Option<SpanContext> {
    Some(SpanContext {
        trace_id: TraceId::new(u128::from_be_bytes(span.trace_id().to_bytes()))?,
        span_id: SpanId::new(u64::from_be_bytes(span.span_id().to_bytes()))?,
        flags: TraceFlags::new(span.trace_flags().to_u8()),
        is_remote: span.is_remote(),
    })
}

fn is_same(current: &Current, span: &SpanContext) -> bool {
    current.span_context().is_some_and(|current| {
        let is_sampled_alike = current.is_sampled() == span.is_sampled();
        current.span_id == span.span_id && current.trace_id == span.trace_id && is_sampled_alike
    })
}
