//! What the program of two tasks promises besides: neither is inside the other's spans, however they take turns.

use crate::heard::{Heard, What};
use crate::promises::Breaches;
use exo_trace_core::Outcome;
use exo_trace_export::device::DeviceSpan;

/// Notes what the program breaks.
pub(crate) fn check(heard: &Heard, broken: &mut Breaches) {
    let steps: Vec<_> = heard.named("agent.step").collect();
    let reads: Vec<_> = heard.named("sensor.read").collect();
    let turns: Vec<_> = heard.named("fan.turn").collect();
    let counts = (steps.len(), reads.len(), turns.len());
    broken.unless(counts == (5, 5, 4), || format!("steps, readings and turns: {counts:?}"));

    let parents = reads.iter().map(|read| read.parent_id);
    let is_inside = parents.eq(steps.iter().map(|step| Some(step.span_id)));
    broken.unless(is_inside, || "a reading that is not in its step".to_owned());
    let is_apart = steps.iter().chain(&turns).all(|span| span.parent_id.is_none());
    broken.unless(is_apart, || "a task that works inside another's span".to_owned());
    let overlap = steps.iter().any(|step| turns.iter().any(|turn| overlaps(step, turn)));
    broken.unless(overlap, || "tasks that did not take turns".to_owned());

    let is_failed = ends(&reads) == [(4, Outcome::Ended), (1, Outcome::Error)];
    broken.unless(is_failed, || format!("readings ended {:?}", ends(&reads)));
    let is_given_up = ends(&turns) == [(3, Outcome::Ended), (1, Outcome::Cancelled)];
    broken.unless(is_given_up, || format!("turns ended {:?}", ends(&turns)));

    let said = heard.facts.iter().map(|fact| (fact.span, matches!(fact.what, What::Attributes)));
    let is_said = said.eq(steps.iter().map(|step| (step.span_id, true)));
    broken.unless(is_said, || "attributes of a span that is not their step".to_owned());
}

fn overlaps(one: &DeviceSpan, other: &DeviceSpan) -> bool {
    one.start_ticks < other.end_ticks && other.start_ticks < one.end_ticks
}

/// Returns the outcomes in order, each with how often it came in a row.
fn ends(spans: &[&DeviceSpan]) -> Vec<(usize, Outcome)> {
    spans
        .chunk_by(|one, next| one.outcome == next.outcome)
        .map(|same| (same.len(), same[0].outcome))
        .collect()
}
