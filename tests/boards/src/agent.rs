//! What the agent's program promises besides: whose its steps are, what is said of them, a ring that got full.

use crate::heard::{Heard, What, number};
use crate::promises::Breaches;
use exo_trace_core::{Outcome, SpanContext};

/// The request that asks the board to stop.
const END: &str = "end";
/// How many spans find room in the ring that is filled on purpose, and how many do not.
const FILLED: (usize, u32) = (9, 11);

/// Notes what the program breaks, by what it was asked.
pub(crate) fn check(heard: &Heard, asked: &str, broken: &mut Breaches) {
    let asked: Vec<_> = asked.lines().take_while(|line| *line != END).collect();
    steps_belong_to_whoever_asked(heard, &asked, broken);
    facts_are_of_spans(heard, broken);
    the_clock_wrapped(heard, broken);
    a_full_ring_refused(heard, broken);
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

/// Events, texts and links are of spans that came, and links lead to the interrupt's, its own to the last one.
fn facts_are_of_spans(heard: &Heard, broken: &mut Breaches) {
    let (mut events, mut sampled, mut texts, mut links) = (0, 0, 0, 0);
    for fact in &heard.facts {
        let Some(span) = heard.span(fact.span) else {
            broken.unless(false, || format!("a fact of no span: {}", fact.span));
            continue;
        };
        let is_good = match &fact.what {
            What::Event(site, ticks, values) => {
                let is_within = (span.start_ticks..=span.end_ticks).contains(ticks);
                let is_of_interrupt = &*span.site.name == "timer.sample";
                let expected = if is_of_interrupt { ("sampled", 1) } else { ("too.warm", 2) };
                let count = if is_of_interrupt { &mut sampled } else { &mut events };
                *count += 1;
                is_within && (&*site.name, values.len()) == expected
            }
            What::Text(site, text) => {
                texts += 1;
                site.key(0) == "sensor.name" && &**text == "thermometer at the door"
            }
            What::Link(to) => {
                links += 1;
                let sample = heard.span(to.span_id);
                sample.is_some_and(|sample| {
                    let is_before = sample.end_ticks <= span.end_ticks;
                    is_before && &*sample.site.name == "timer.sample" && sample.span_id != fact.span
                })
            }
            What::Attributes => false,
        };
        broken
            .unless(is_good, || format!("a fact of {} that is not as it was said", span.site.name));
    }
    let reads = heard.named("sensor.read").count();
    let samples = heard.named("timer.sample").count();
    let is_all = events > 0 && (texts, sampled, links + 1) == (reads, samples, reads + samples);
    broken.unless(is_all, || {
        format!(
            "{events} and {sampled} events, {texts} texts, {links} links of {reads} readings and {samples} samples"
        )
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

/// What found no room is counted, and what did is here.
fn a_full_ring_refused(heard: &Heard, broken: &mut Breaches) {
    let (filled, ring) = (heard.named("ring.fill").count(), heard.counts.rings.get(2));
    let refused = ring.map_or(0, |ring| ring.refused);
    broken
        .unless((filled, refused) == FILLED, || format!("full: {filled} kept, {refused} refused"));
}
