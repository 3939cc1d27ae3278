//! What goes along with a span on both sides: baggage, and what other systems said of the trace.
//!
//! Each side may have changed it since the two were last the same, which is when a context of ours was
//! attached: what one changed wins over what the other left alone, and theirs over ours where both did.

use crate::counters::Counter;
use crate::propagation::{Baggage, TraceState};
use crate::recording::carried::{Carried, Carrying};
use exo_trace_core::SpanContext;
use opentelemetry::Context;
use opentelemetry::baggage::{Baggage as Theirs, BaggageExt, BaggageMetadata};
use opentelemetry::trace::{TraceContextExt, TraceState as TheirState};
use std::str::FromStr;
use std::sync::Arc;

static NONE: Baggage = Baggage::new();

/// Returns `own` with what others changed in `context` since `base` was put into it.
pub(super) fn carried_in(
    context: &Context,
    span: Option<SpanContext>,
    base: &Carrying,
    own: Carrying,
) -> Carrying {
    let baggage = changed(context.baggage(), baggage_of(base), baggage_of(&own));
    let state = span.and_then(|span| Some((span.trace_id, said_in(context, &own)?)));
    if baggage.is_none() && state.is_none() {
        return own;
    }
    let mut carried = own.map_or_else(Carried::default, Arc::unwrap_or_clone);
    if let Some(baggage) = baggage {
        carried.set_baggage(baggage);
    }
    carried.trace_state = state.or(carried.trace_state);
    Some(Arc::new(carried))
}

/// Returns `context` with the baggage of `own` in the place of that of `base`; what they changed stays.
pub(super) fn with_carried(context: &Context, base: &Carrying, own: &Carrying) -> Option<Context> {
    let (base, own) = (baggage_of(base), baggage_of(own));
    if base == own {
        return None;
    }
    let merged = changed(context.baggage(), base, own);
    let own = merged.as_ref().unwrap_or(own);
    let is_left_out = |key: &str| base.get(key).is_some() && own.get(key).is_none();
    let kept = context.baggage().iter().filter(|(key, _)| !is_left_out(key.as_str()));
    let mut baggage: Theirs = kept.map(|(key, said)| (key.clone(), said.clone())).collect();
    for (key, value) in own.iter() {
        let properties = BaggageMetadata::from(properties_of(own, key));
        baggage.insert_with_metadata(key.to_owned(), value.to_owned(), properties);
    }
    Some(context.with_baggage(baggage))
}

/// Returns what is said of the trace of `span` in OpenTelemetry's words.
pub(super) fn state_of(carrying: &Carrying, span: &SpanContext) -> Option<TheirState> {
    let (trace_id, said) = carrying.as_ref()?.trace_state.as_ref()?;
    TheirState::from_str(said.as_str()).ok().filter(|_| *trace_id == span.trace_id)
}

fn baggage_of(carrying: &Carrying) -> &Baggage {
    carrying.as_ref().map_or(&NONE, |carried| carried.baggage())
}

/// Returns what others say of the active span's trace, unless `own` says the same.
fn said_in(context: &Context, own: &Carrying) -> Option<TraceState> {
    let span = context.span();
    let theirs = span.span_context().trace_state();
    if *theirs == TheirState::NONE {
        return None;
    }
    let theirs = TraceState::from_headers([theirs.header().as_str()]).ok()?;
    let ours = own.as_ref().and_then(|carried| carried.trace_state.as_ref());
    (!theirs.is_empty() && ours.is_none_or(|(_, said)| *said != theirs)).then_some(theirs)
}

/// Returns `own` with what `theirs` has otherwise than `base`; `None` where that is nothing.
fn changed(theirs: &Theirs, base: &Baggage, own: &Baggage) -> Option<Baggage> {
    let is_new = |key: &str, value: &str| base.get(key) != Some(value);
    let is_gone = |key: &str| theirs.get(key).is_none();
    let nothing_new = theirs.iter().all(|(key, (value, _))| !is_new(key.as_str(), value.as_str()));
    if nothing_new && !base.iter().any(|(key, _)| is_gone(key)) {
        return None;
    }
    let mut merged = own.clone();
    for (key, _) in base.iter().filter(|(key, _)| is_gone(key)) {
        merged.remove(key);
    }
    for (key, (value, properties)) in theirs {
        let (key, value) = (key.as_str(), value.as_str());
        let put = match properties.as_str() {
            _ if !is_new(key, value) => Ok(()),
            "" => merged.insert(key, value),
            properties => merged.insert_with_properties(key, value, properties),
        };
        if put.is_err() {
            Counter::BaggageRefused.add(1);
        }
    }
    Some(merged)
}

/// Returns the properties of a member as they are on the wire.
fn properties_of(baggage: &Baggage, key: &str) -> String {
    let properties = baggage.properties(key).map(|(key, value)| match value {
        Some(value) => format!("{key}={value}"),
        None => key.to_owned(),
    });
    properties.collect::<Vec<_>>().join(";")
}
