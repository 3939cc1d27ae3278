//! Spans of which something is said after they began: an event, an attribute, a link.
//!
//! Each is a record of its own; what it adds is the difference to [`spans::alone`](crate::spans::alone).

use crate::floor::work;
use exo_trace::{Span, SpanContext, attributes, span_sync};

/// A span with an event.
#[inline(always)]
pub fn event(step: usize) {
    let span = span_sync!("event");
    work(step);
    span.add_event("chunk", ());
}

/// A span with an event that has two attributes.
#[inline(always)]
pub fn event_two_attributes(step: usize) {
    let span = span_sync!("event");
    work(step);
    span.add_event("chunk", attributes! { step, is_early = step < 500 });
}

/// A span with an attribute that its guard is given.
#[inline(always)]
pub fn late_attribute(step: usize) {
    let span = span_sync!("late");
    work(step);
    span.set_attribute("step", step);
}

/// A span with an attribute from code that has no handle of it.
#[inline(always)]
pub fn late_attribute_of_current(step: usize) {
    let _span = span_sync!("late");
    work(step);
    Span::current().set_attribute("step", step);
}

/// A span with a link, to [`traceparents::context`](crate::traceparents::context) for one.
#[inline(always)]
pub fn link(to: &SpanContext, step: usize) {
    let span = span_sync!("link");
    work(step);
    span.add_link(to, ());
}
