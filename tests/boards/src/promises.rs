//! What a board promises: each breach is one line to read.

use crate::heard::{Heard, What, number};
use exo_trace_core::{Outcome, SpanContext};
use exo_trace_export::device::{DeviceCounts, DeviceSpan};

/// The request that asks the board to stop.
const END: &str = "end";
/// How many spans find room in the ring that is filled on purpose, and how many do not.
const FILLED: (usize, u32) = (9, 11);

/// Returns every promise that `heard` breaks, by what the board said it did and what it was asked.
pub(crate) fn broken(heard: &Heard, said: &str, asked: &str) -> Vec<String> {
    let asked: Vec<_> = asked.lines().take_while(|line| *line != END).collect();
    let mut broken = Breaches(Vec::new());
    the_line_was_whole(heard, said, &mut broken);
    the_board_says_who_it_is(heard, &mut broken);
    steps_belong_to_whoever_asked(heard, &asked, &mut broken);
    parents_hold_their_children(heard, &mut broken);
    facts_are_of_spans(heard, &mut broken);
    the_clock_wrapped(heard, &mut broken);
    broken.0
}

struct Breaches(Vec<String>);

impl Breaches {
    fn unless(&mut self, is_kept: bool, what: impl FnOnce() -> String) {
        if !is_kept {
            self.0.push(what());
        }
    }
}

/// Nothing damaged, nothing missing; what each ring counts is what came.
fn the_line_was_whole(heard: &Heard, said: &str, broken: &mut Breaches) {
    let DeviceCounts { damaged, missing, in_doubt, unknown, malformed, waiting, evicted, .. } =
        heard.counts;
    let lost = [damaged, missing, in_doubt as u64, unknown, malformed, waiting as u64, evicted];
    broken.unless(lost == [0; 7], || format!("lost on the way: {:?}", heard.counts));
    let strange = heard.counts.unlisted + heard.counts.orphaned;
    broken.unless(strange == 0, || format!("without a name or an origin: {strange}"));
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
    let (filled, refused) = (heard.named("ring.fill").count(), heard.counts.rings.get(2));
    let refused = refused.map_or(0, |ring| ring.refused);
    broken
        .unless((filled, refused) == FILLED, || format!("full: {filled} kept, {refused} refused"));
}

fn the_board_says_who_it_is(heard: &Heard, broken: &mut Breaches) {
    let [boot] = heard.boots.as_slice() else {
        return broken.unless(false, || format!("booted {} times", heard.boots.len()));
    };
    let said: Vec<_> = boot.resource.iter().map(|(key, value)| (&**key, &**value)).collect();
    let expected = [("device.id", "bench-7"), ("service.name", "greenhouse")];
    broken.unless(said == expected, || format!("resource: {said:?}"));
}

/// A step for every request whose trace is sampled, as a child of it; for every other its own trace.
fn steps_belong_to_whoever_asked(heard: &Heard, asked: &[&str], broken: &mut Breaches) {
    for (place, request) in asked.iter().enumerate() {
        let step = place as i64 + 1;
        let found: Vec<_> = heard
            .named("agent.step")
            .filter(|span| number(span, "exo.agent.step") == Some(step))
            .collect();
        let parent = SpanContext::from_traceparent(request).ok();
        let is_recorded = parent.is_none_or(|parent| parent.is_sampled());
        broken.unless(found.len() == usize::from(is_recorded), || {
            format!("step {step}: {} spans for {request:?}", found.len())
        });
        let Some(span) = found.first() else { continue };
        let is_remote = (span.is_parent_remote, span.parent_id.is_some())
            == (parent.is_some(), parent.is_some());
        broken.unless(is_remote, || format!("step {step}: parent {:?}", span.parent_id));
        if let Some(parent) = parent {
            let is_child =
                (span.trace_id, span.parent_id) == (parent.trace_id, Some(parent.span_id));
            broken.unless(is_child, || format!("step {step}: {span:?}, expected in {request}"));
        }
        let inside = |name| {
            heard.named(name).filter(|inside| inside.parent_id == Some(span.span_id)).count()
        };
        let counts = (inside("sensor.read"), inside("fan.turn"));
        broken.unless(counts == (1, 1), || format!("step {step}: {counts:?} spans inside"));
    }
    let outcomes = [Outcome::Ended, Outcome::Error];
    let is_known = heard.spans.iter().all(|span| outcomes.contains(&span.outcome));
    broken.unless(is_known, || "an outcome that nobody said".to_owned());
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

/// Events, texts and links are of spans that came, and links lead to the interrupt's.
fn facts_are_of_spans(heard: &Heard, broken: &mut Breaches) {
    let (mut events, mut texts, mut links) = (0, 0, 0);
    for fact in &heard.facts {
        let Some(span) = heard.span(fact.span) else {
            broken.unless(false, || format!("a fact of no span: {}", fact.span));
            continue;
        };
        let is_good = match &fact.what {
            What::Event(site, ticks, values) => {
                events += 1;
                let is_within = (span.start_ticks..=span.end_ticks).contains(ticks);
                is_within && &*site.name == "too.warm" && values.len() == 2
            }
            What::Text(site, text) => {
                texts += 1;
                site.key(0) == "sensor.name" && &**text == "thermometer at the door"
            }
            What::Link(to) => {
                links += 1;
                let sample = heard.span(to.span_id);
                sample.is_some_and(|sample| &*sample.site.name == "timer.sample")
            }
            What::Attributes => false,
        };
        broken
            .unless(is_good, || format!("a fact of {} that is not as it was said", span.site.name));
    }
    let reads = heard.named("sensor.read").count();
    let is_all = events > 0 && (texts, links) == (reads, reads);
    broken.unless(is_all, || {
        format!("{events} events, {texts} texts, {links} links of {reads} readings")
    });
}

/// The 32 bits of the board's clock came round, and its time went on.
fn the_clock_wrapped(heard: &Heard, broken: &mut Breaches) {
    let ends: Vec<_> = heard.named("timer.sample").map(|span| span.end_ticks).collect();
    let is_forward = ends.is_sorted() && ends.first() < ends.last();
    let last = ends.last().copied().unwrap_or_default();
    let is_wrapped = ends.first().is_some_and(|first| *first < 1 << 32) && last > 1 << 32;
    broken.unless(is_forward && is_wrapped, || format!("ticks of the interrupt: {ends:?}"));
    let is_anchored = heard.anchors.iter().map(|anchor| anchor.ticks).is_sorted();
    broken.unless(is_anchored && heard.anchors.len() > 1, || {
        "anchors: too few, or backwards".to_owned()
    });
}
