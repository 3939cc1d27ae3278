//! What every board promises: each breach is one line to read.

use crate::heard::Heard;
use exo_trace_export::device::{DeviceCounts, DeviceSpan};

/// The promises that were broken, one line each.
#[derive(Default)]
pub(crate) struct Breaches(pub(crate) Vec<String>);

impl Breaches {
    /// Notes `what` unless it holds.
    pub(crate) fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(what());
        }
    }
}

/// Notes what the line, the board's name and the order of its spans break, by what the board said it did.
pub(crate) fn check(heard: &Heard, said: &str, broken: &mut Breaches) {
    the_line_was_whole(heard, said, broken);
    the_board_says_who_it_is(heard, broken);
    parents_hold_their_children(heard, broken);
}

/// Nothing damaged, nothing missing; what each ring counts is what came.
fn the_line_was_whole(heard: &Heard, said: &str, broken: &mut Breaches) {
    let DeviceCounts { damaged, missing, in_doubt, unknown, malformed, waiting, evicted, .. } =
        heard.counts;
    let lost = [damaged, missing, in_doubt as u64, unknown, malformed, waiting as u64, evicted];
    broken.unless(lost == [0; 7], || format!("lost on the way: {:?}", heard.counts));
    let DeviceCounts { unlisted, orphaned, repeated, .. } = heard.counts;
    let strange = unlisted + orphaned + repeated;
    broken.unless(strange == 0, || {
        format!("without a name, an origin or an id of its own: {strange}")
    });
    let rings = heard.counts.rings.iter().enumerate();
    let known = rings
        .map(|(place, ring)| {
            format!("ring {place} recorded {} refused {}\n", ring.recorded, ring.refused)
        })
        .collect::<String>();
    broken.unless(known == said, || format!("heard {known}, expected {said}"));
    for ring in &heard.counts.rings {
        let all = [ring.taken, ring.sent] == [ring.recorded; 2] && ring.stale == 0;
        broken.unless(all, || format!("not all was sent: {ring:?}"));
    }
    // A context is a record of the ring and no span or fact: it is in the trace of its span.
    let contexts = heard.spans.iter().filter(|span| span.is_parent_remote).count();
    let recorded: u32 = heard.counts.rings.iter().map(|ring| ring.recorded).sum();
    let came = heard.spans.len() + heard.facts.len() + contexts;
    broken.unless(came == recorded as usize, || format!("{came} came, expected {recorded}"));
}

fn the_board_says_who_it_is(heard: &Heard, broken: &mut Breaches) {
    let [boot] = heard.boots.as_slice() else {
        return broken.unless(false, || format!("booted {} times", heard.boots.len()));
    };
    let said: Vec<_> = boot.resource.iter().map(|(key, value)| (&**key, &**value)).collect();
    let expected = [("device.id", "bench-7"), ("service.name", "greenhouse")];
    broken.unless(said == expected, || format!("resource: {said:?}"));
}

/// Whoever has a parent on the board is in its trace and within its time.
fn parents_hold_their_children(heard: &Heard, broken: &mut Breaches) {
    for span in &heard.spans {
        let Some(parent) = span.parent_id.filter(|_| !span.is_parent_remote) else { continue };
        let is_held = heard.span(parent).is_some_and(|parent| holds(parent, span));
        broken.unless(is_held, || format!("not inside its parent: {span:?}"));
    }
    let backwards = heard.spans.iter().find(|span| span.end_ticks < span.start_ticks);
    broken.unless(backwards.is_none(), || format!("ended before it began: {backwards:?}"));
}

fn holds(parent: &DeviceSpan, child: &DeviceSpan) -> bool {
    parent.trace_id == child.trace_id
        && parent.start_ticks <= child.start_ticks
        && child.end_ticks <= parent.end_ticks
}
