//! Spans and facts of several rings, in any order and with any losses: what comes out obeys the laws, every
//! span that went in whole is there once, and of every fact it is known where it went.
#![no_main]

#[path = "../../tests/laws/mod.rs"]
mod laws;

use exo_trace_core::{Outcome, Reader, Record, Ring, Slot, SpanId, Writer};
use exo_trace_export::__assemble::Assembly;
use exo_trace_export::SpanData;
use exo_trace_fuzz::lives::{Fact, KEYS, Life, State, id_of, key_name, number_text};
use exo_trace_fuzz::script::Script;
use libfuzzer_sys::fuzz_target;
use std::collections::{HashMap, HashSet};

const RINGS: usize = 4;
const RING_WORDS: usize = 512;
/// How many spans one script lets live.
const SPANS_MAX: usize = 48;
/// More than a span is told, and so few that limits matter.
const FACTS_MAX: [usize; 2] = [4_096, 3];
/// A flush makes two passes, and a sum waits for so many more.
const FLUSH_PASSES: usize = 2 + 4;

type Words = [Slot; RING_WORDS];

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let facts_max = FACTS_MAX[script.below(2)];
    let is_summing = script.flag();
    let assembly = if is_summing { Assembly::summing(facts_max) } else { Assembly::new(facts_max) };
    let rings: [Ring<Words>; RINGS] = std::array::from_fn(|_| Ring::new());
    let pens =
        std::array::from_fn(|place| (rings[place].writer(nothing as fn()), rings[place].reader()));
    let mut world =
        World { pens, assembly, facts_max, lives: Vec::new(), ticks: 1, told: 0, visited: RINGS };
    while let Some(step) = script.step() {
        world.ticks += 1;
        match step % 8 {
            0 | 1 => world.begin(&mut script),
            2..=4 => world.tell(&mut script),
            5 => world.end(&mut script),
            _ => world.visit_next(usize::from(step / 8)),
        }
    }
    world.finish();
});

fn nothing() {}

/// Threads with a ring each, and the drain.
struct World<'r> {
    pens: [(Writer<'r, Words, fn()>, Reader<'r, Words>); RINGS],
    assembly: Assembly,
    facts_max: usize,
    lives: Vec<Life>,
    ticks: u64,
    /// How many facts were thought of.
    told: usize,
    /// The ring that this pass comes to next.
    visited: usize,
}

impl World<'_> {
    fn begin(&mut self, script: &mut Script<'_>) {
        if self.lives.len() < SPANS_MAX {
            let (home, above) = (script.below(RINGS), usize::from(script.byte()));
            let parent = above.checked_sub(1).filter(|_| !self.lives.is_empty());
            let parent = parent.map(|above| &self.lives[above % self.lives.len()]);
            self.lives.push(Life::begin(self.lives.len(), parent, home, self.ticks));
        }
    }

    /// Writes a record to a ring, which may have no room, or somebody else's luck is out.
    fn write(&self, ring: usize, is_lost: bool, record: &Record<'_>) -> bool {
        !is_lost && self.pens[ring].0.record(record).is_ok()
    }

    fn tell(&mut self, script: &mut Script<'_>) {
        let (which, how) = (usize::from(script.byte()), script.byte());
        let Some(place) = which.checked_rem(self.lives.len()) else { return };
        // Half of all facts are of the ring at home.
        let life = &mut self.lives[place];
        let ring = if how & 4 == 0 { life.home } else { usize::from(how >> 6) };
        // Where limits matter nothing is said again, so that every fact counts.
        let again = self.facts_max > KEYS && how & 8 != 0;
        let fact = life.next_fact(usize::from(how & 3), self.told, again);
        self.told += 1;
        let len = if how & 32 == 0 { 0 } else { script.below(37) };
        let span_id = life.record.span_id;
        let is_lost = how & 16 != 0;
        let found_room =
            fact.with(span_id, self.ticks, len, |fact| self.write(ring, is_lost, fact));
        self.lives[place].tell(fact, ring, found_room);
    }

    fn end(&mut self, script: &mut Script<'_>) {
        let (which, how) = (usize::from(script.byte()), script.byte());
        let Some(place) = which.checked_rem(self.lives.len()) else { return };
        if self.lives[place].state != State::Open {
            return;
        }
        let Life { record, home, .. } = &mut self.lives[place];
        let ring = if how & 4 == 0 { *home } else { usize::from(how >> 6) };
        record.is_foreign |= ring != *home || how & 32 != 0;
        record.outcome = if how & 1 == 0 { Outcome::Ended } else { Outcome::Cancelled };
        record.end_ticks = self.ticks;
        let record = Record::Span(*record);
        let found_room = self.write(ring, how & 16 != 0, &record);
        self.lives[place].state = if found_room { State::Written } else { State::Lost };
    }

    /// Empties the next ring, while others go on writing; after the last one the pass ends.
    fn visit_next(&mut self, spans_max: usize) {
        if self.visited == RINGS {
            self.assembly.begin_pass(self.ticks);
            self.visited = 0;
        }
        let (_, reader) = &mut self.pens[self.visited];
        let mut words = [0; RING_WORDS];
        let end = reader.written();
        while !reader.has_reached(end) {
            let read = reader.read(&mut words);
            self.assembly.take(&words[..read]);
        }
        self.visited += 1;
        if self.visited == RINGS {
            self.assembly.end_pass(spans_max);
        }
    }

    /// Flushes, and asks where everything went.
    fn finish(mut self) {
        while self.visited < RINGS {
            self.visit_next(1);
        }
        for _ in 0..FLUSH_PASSES * RINGS {
            self.visit_next(usize::MAX);
        }
        assert!(!self.assembly.is_holding(), "a flush releases what is held");
        self.assembly.end();
        let spans = self.assembly.spans();
        let strangers = laws::check(spans);
        self.every_span_came_or_was_lost(spans, &strangers);
        let by_id: HashMap<SpanId, &SpanData<'_>> =
            spans.iter().map(|span| (span.span_id(), span)).collect();
        for (number, life) in self.lives.iter().enumerate() {
            if let Some(span) = by_id.get(&id_of(number)) {
                has_what_it_was_told(life, span, self.facts_max);
            }
        }
        if self.facts_max < KEYS {
            self.every_fact_is_somewhere(&by_id);
        }
    }

    fn every_span_came_or_was_lost(&self, spans: &[SpanData<'_>], strangers: &HashSet<SpanId>) {
        let written = |life: &&Life| life.state == State::Written;
        let (whole, _) = self.assembly.counted();
        assert_eq!(whole, spans.len() as u64);
        assert_eq!(spans.len(), self.lives.iter().filter(written).count());
        for span in spans {
            let place = span.span_id().to_word() as usize - 1;
            let Life { record, state, .. } = &self.lives[place];
            assert_eq!(*state, State::Written);
            assert_eq!(span.trace_id(), record.trace_id);
            assert_eq!(span.parent_span_id(), record.parent_id);
            assert_eq!((span.outcome(), span.trace_flags()), (record.outcome, record.flags));
        }
        for stranger in strangers {
            let life = &self.lives[stranger.to_word() as usize - 1];
            assert_ne!(life.state, State::Written, "a parent that was written is there");
        }
        assert_eq!(self.assembly.losses().undecodable, 0);
    }

    /// Where nothing is said twice: what a span has or counts, and what was counted instead.
    fn every_fact_is_somewhere(&self, by_id: &HashMap<SpanId, &SpanData<'_>>) {
        let mut somewhere = 0;
        for (number, life) in self.lives.iter().enumerate() {
            if let Some(span) = by_id.get(&id_of(number)) {
                let dropped = life.record.dropped;
                let of_call_site = dropped.attributes + dropped.events + dropped.links;
                somewhere += (attributes_of(span).len() + events_of(span).len()) as u64;
                somewhere += span.links().count() as u64;
                somewhere += u64::from(
                    span.dropped_attributes_count()
                        + span.dropped_events_count()
                        + span.dropped_links_count(),
                ) - u64::from(of_call_site);
            }
        }
        let losses = self.assembly.losses();
        let written: u64 = self.lives.iter().flat_map(Life::counts).sum();
        let counted = losses.late_orphaned + losses.facts_evicted;
        assert_eq!(somewhere + counted, written, "{losses}");
    }
}

fn attributes_of<'a>(span: &'a SpanData<'_>) -> Vec<&'a str> {
    span.attributes().map(|(key, _)| key).filter(|key| key.starts_with("key ")).collect()
}

/// The numbers of its events, in order; those of errors are the type of the error.
fn events_of<'a>(span: &'a SpanData<'_>) -> Vec<String> {
    let named = |event: exo_trace_export::Event<'a>| match event.name {
        "cancelled" => None,
        "exception" => event.attributes.first().map(|(_, value)| match value {
            exo_trace_core::Value::Text(text) => (*text).to_owned(),
            other => panic!("a type is a text, not {other:?}"),
        }),
        name => Some(name.to_owned()),
    };
    span.events().filter_map(named).collect()
}

/// A span has what was written before it ended, as far as it may have so much, and nothing of others.
fn has_what_it_was_told(life: &Life, span: &SpanData<'_>, facts_max: usize) {
    let links: Vec<_> = span.links().map(|link| link.context.span_id).collect();
    let (attributes, events) = (attributes_of(span), events_of(span));
    let has = |fact| match fact {
        Fact::Attribute(place) => attributes.contains(&key_name(place)),
        Fact::Event(_) | Fact::Failure(_) => events.iter().any(|name| name == number_text(fact)),
        Fact::Link(number) => links.contains(&id_of(number)),
    };
    let is_kept = |early: bool| life.told.iter().filter(move |told| told.is_early || !early);
    if facts_max > KEYS {
        for told in is_kept(true) {
            assert!(has(told.fact), "{told:?} was written before the end of {span}");
        }
    }
    let kinds = [attributes.len(), events.len(), links.len()];
    for (kind, count) in kinds.into_iter().enumerate() {
        let of_kind = |early| {
            let told = is_kept(early).filter(|told| told.fact.kind() == kind);
            told.map(|told| number_text(told.fact)).collect::<HashSet<_>>().len()
        };
        assert!(count >= of_kind(true).min(facts_max), "fewer than it had to have: {span}");
        assert!(count <= of_kind(false).min(facts_max), "more than it may have: {span}");
    }
}
