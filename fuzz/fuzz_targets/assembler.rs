//! Spans and facts of several rings, in any order and with any losses: what comes out obeys the laws, every
//! span that went in whole is there once, and of every fact it is known where it went.
#![no_main]

#[path = "../../tests/laws/mod.rs"]
mod laws;

use exo_trace_core::{Outcome, Reader, Record, Ring, Slot, SpanId, Value, Writer};
use exo_trace_export::__assemble::Assembly;
use exo_trace_export::SpanData;
use exo_trace_fuzz::lives::{Fact, KEYS, Life, State, id_of};
use exo_trace_fuzz::script::Script;
use libfuzzer_sys::fuzz_target;
use std::collections::HashSet;

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
        let end = reader.written();
        // Most rings are empty when they are visited.
        if !reader.has_reached(end) {
            let mut words = [0; RING_WORDS];
            while !reader.has_reached(end) {
                let read = reader.read(&mut words);
                self.assembly.take(&words[..read]);
            }
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
        let mut found: Vec<Option<Has>> = self.lives.iter().map(|_| None).collect();
        for span in spans {
            let has = Has::of(span);
            let place = span.span_id().to_word() as usize - 1;
            has_what_it_was_told(&self.lives[place], &has, span, self.facts_max);
            found[place] = Some(has);
        }
        if self.facts_max < KEYS {
            self.every_fact_is_somewhere(&found);
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
    fn every_fact_is_somewhere(&self, found: &[Option<Has>]) {
        let of_span = |(life, has): (&Life, &Option<Has>)| {
            let dropped = life.record.dropped;
            let of_call_site = dropped.attributes + dropped.events + dropped.links;
            let has = has.as_ref()?;
            let count: usize = has.counts().iter().sum();
            Some(count as u64 + has.dropped - u64::from(of_call_site))
        };
        let somewhere: u64 = self.lives.iter().zip(found).filter_map(of_span).sum();
        let losses = self.assembly.losses();
        let written: u64 = self.lives.iter().flat_map(Life::counts).sum();
        let counted = losses.late_orphaned + losses.facts_evicted;
        assert_eq!(somewhere + counted, written, "{losses}");
    }
}

/// What a span has of what it was told, by its number, and how much it counts as dropped.
struct Has {
    /// A bit for each key.
    attributes: u64,
    attributes_len: usize,
    /// Errors among them: their number is the type of the error.
    events: Vec<usize>,
    links: Vec<SpanId>,
    dropped: u64,
}

impl Has {
    fn of(span: &SpanData<'_>) -> Self {
        let mut has = Self {
            attributes: 0,
            attributes_len: 0,
            events: span.events().filter_map(number_of).collect(),
            links: span.links().map(|link| link.context.span_id).collect(),
            dropped: u64::from(span.dropped_attributes_count())
                + u64::from(span.dropped_events_count())
                + u64::from(span.dropped_links_count()),
        };
        for (key, _) in span.attributes() {
            if let Some(place) = key.strip_prefix("key ") {
                has.attributes |= 1 << number(place);
                has.attributes_len += 1;
            }
        }
        has
    }

    fn counts(&self) -> [usize; 3] {
        [self.attributes_len, self.events.len(), self.links.len()]
    }

    fn has(&self, fact: Fact) -> bool {
        match fact {
            Fact::Attribute(place) => self.attributes >> place & 1 != 0,
            Fact::Event(number) | Fact::Failure(number) => self.events.contains(&number),
            Fact::Link(number) => self.links.contains(&id_of(number)),
        }
    }
}

fn number(digits: &str) -> usize {
    digits.parse().expect("it is named after its number")
}

fn number_of(event: exo_trace_export::Event<'_>) -> Option<usize> {
    match event.name {
        "cancelled" => None,
        "exception" => event.attributes.first().map(|(_, value)| match value {
            Value::Text(text) => number(text),
            other => panic!("a type is a text, not {other:?}"),
        }),
        name => Some(number(name)),
    }
}

/// A span has what was written before it ended, as far as it may have so much, and nothing of others.
fn has_what_it_was_told(life: &Life, has: &Has, span: &SpanData<'_>, facts_max: usize) {
    if facts_max > KEYS {
        for told in life.told.iter().filter(|told| told.is_early) {
            assert!(has.has(told.fact), "{told:?} was written before the end of {span}");
        }
    }
    let (early, all) = (told(life, true), told(life, false));
    for ((count, early), all) in has.counts().into_iter().zip(early).zip(all) {
        assert!(count >= early.min(facts_max), "fewer than it had to have: {span}");
        assert!(count <= all.min(facts_max), "more than it may have: {span}");
    }
}

/// Returns how many facts of each kind it was told, or only before it ended; what was said again once.
fn told(life: &Life, is_early: bool) -> [usize; 3] {
    let (mut attributes, mut counts) = (0_u64, [0; 3]);
    for told in life.told.iter().filter(|told| told.is_early || !is_early) {
        match told.fact {
            Fact::Attribute(place) => attributes |= 1 << place,
            fact => counts[fact.kind()] += 1,
        }
    }
    counts[0] = attributes.count_ones() as usize;
    counts
}
