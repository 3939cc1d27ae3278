//! Every interleaving of a board's recorder and the reader of its ring, over a ring of eight words, by Loom.
//!
//! The ring is the host's, modelled in `loom_ring.rs`, which also says what Loom cannot see. Here is what the
//! recorder adds: it keeps the room that it knows of, counts no records, and is refused where that fills a lap
//! up. The reader may as well be an interrupt, or another core: nothing here is of one core only.
//!
//! That these models can fail is proved by `tests/loom/mutants.sh`.
#![cfg(exo_loom)]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::compact::{
    Clock32, LocalId, Record, Recorder, Ring, RingRef, Site, Sites, Slot, Target, Value32, site,
};
use exo_trace_core::{Outcome, Reader};
use loom::thread;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

/// The smallest ring.
const WORDS: usize = 8;
/// The span that stays open: the second of its ring.
const OUTER: LocalId = LocalId::new(2).expect("not zero");

static SHORT: Site = site!("short");
static LONG: Site = site!("long", ["first", "second"]);
static SITES: &[&[Site]] = &[&[SHORT, LONG]];

/// The timer stands still.
struct Still;

impl Clock32 for Still {
    fn ticks(&self) -> u32 {
        7
    }
}

/// What is said inside of a span that stays open.
#[derive(Clone, Copy, Debug)]
enum Say {
    /// Three words.
    Link,
    /// Six words.
    Short,
    /// Eight words: the whole ring.
    Long,
}

impl Say {
    /// Says it with a number of its own, and returns what is to be read; nothing where it was refused.
    fn say(self, recorder: &Recorder<'_, Still>, ring: RingRef<'_>, number: i32) -> Option<String> {
        let refused = ring.refused();
        let said = match self {
            Self::Link => {
                let to = LocalId::new(number as u32).expect("not zero");
                recorder.link(Target::Local(to));
                format!("link {to:?}")
            }
            Self::Short => {
                let outcome = if number % 2 == 0 { Outcome::Ended } else { Outcome::Error };
                let span = recorder.start(&SHORT);
                let id = span.id().expect("it is sampled");
                span.end(outcome);
                format!("span {id:?} {outcome:?} {:?}", [None::<Value32>; 2])
            }
            Self::Long => {
                let mut span = recorder.start(&LONG);
                let id = span.id().expect("it is sampled");
                span.set(0, number);
                span.set(1, -number);
                let values = [number, -number].map(|value| Some(Value32::Int(value)));
                format!("span {id:?} {:?} {values:?}", Outcome::Ended)
            }
        };
        assert!(ring.refused() - refused < 2, "what is refused is counted once");
        (ring.refused() == refused).then_some(said)
    }
}

/// Makes one pass and appends what it found, each whole.
fn pass(reader: &mut Reader<'_, [Slot], Slot>, found: &mut Vec<String>) {
    let mut words = [0; WORDS];
    let filled = reader.read(&mut words);
    let mut rest = &words[..filled];
    while let Some(&head) = rest.first() {
        let (record, after) = rest.split_at(Record::words(head));
        rest = after;
        found.push(match Record::decode(record) {
            Ok(Record::Link { span, to: Target::Local(to) }) if span == OUTER => {
                format!("link {to:?}")
            }
            Ok(Record::Span { id, parent: Some(OUTER), root: OUTER, outcome, values, .. }) => {
                format!("span {id:?} {outcome:?} {:?}", [values.get(0), values.get(1)])
            }
            other => panic!("torn: {record:x?}: {other:?}"),
        });
    }
}

/// A recorder says all that, against a reader of `passes` passes; before, another one wrote `start` words of the
/// lap, which were read.
fn hand_off(start: usize, says: &'static [Say], passes: usize) {
    Sites::new(SITES);
    let executions = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&executions);
    loom::model(move || {
        counted.fetch_add(1, Relaxed);
        let ring: &'static Ring<WORDS> = Box::leak(Box::new(Ring::new()));
        let ring = (ring, ring.by_ref());
        // Open as long as its recorder.
        let open = |recorder: &Recorder<'_, Still>| std::mem::forget(recorder.start(&SHORT));
        let before = Recorder::new(ring.0, Still);
        open(&before);
        (0..start / 3).for_each(|_| before.link(Target::Local(OUTER)));
        let (mut reader, mut found) = (ring.1.reader(), Vec::new());
        reader.skip();
        let recorder = Recorder::new(ring.0, Still);
        open(&recorder);
        let writing = thread::spawn(move || {
            let said = |(say, number): (&Say, i32)| say.say(&recorder, ring.1, number);
            says.iter().zip(1..).map(said).collect::<Vec<_>>()
        });
        for _ in 0..passes {
            pass(&mut reader, &mut found);
        }
        let said = writing.join().expect("the recorder does not panic");
        pass(&mut reader, &mut found);
        let refused = said.iter().filter(|said| said.is_none()).count();
        let accepted: Vec<_> = said.into_iter().flatten().collect();
        assert_eq!(found, accepted, "each accepted record comes out once, in order");
        assert_eq!(ring.1.refused(), refused);
        assert_eq!(ring.1.recorded(), start / 3 + accepted.len());
    });
    let test = std::thread::current();
    let executions = executions.load(Relaxed);
    println!(
        "{}, from word {start}: {executions} executions, no bound",
        test.name().unwrap_or_default()
    );
}

#[test]
fn loom_a_recorder_hands_over_what_it_has_room_for() {
    hand_off(0, &[Say::Link, Say::Short], 2);
    hand_off(0, &[Say::Short, Say::Link], 2);
}

#[test]
fn loom_a_recorder_looks_for_room_again_when_what_it_knows_of_is_used_up() {
    hand_off(0, &[Say::Link, Say::Link, Say::Link], 2);
}

#[test]
fn loom_a_next_lap_of_a_recorder_begins_behind_padding() {
    hand_off(6, &[Say::Link, Say::Link, Say::Link], 2);
    hand_off(3, &[Say::Short, Say::Link], 2);
}

#[test]
fn loom_a_refusal_that_fills_the_lap_up_leaves_no_room_that_is_known() {
    hand_off(0, &[Say::Link, Say::Long, Say::Link], 2);
    hand_off(3, &[Say::Long, Say::Link], 2);
    hand_off(3, &[Say::Long, Say::Long], 2);
}
