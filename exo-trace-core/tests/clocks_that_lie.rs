//! A clock that goes backwards, stops or jumps costs a span its times and nothing else.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::{Clock, Outcome, Record, Recorder, Ring, Slot, SpanId, TraceId};
use std::cell::Cell;
use std::collections::HashSet;

const SPANS: usize = 20_000;

/// Says what it likes, in turn.
struct Lies {
    asked: Cell<u64>,
    says: fn(u64) -> u64,
}

impl Clock for Lies {
    fn ticks(&self) -> u64 {
        (self.says)(self.asked.replace(self.asked.get() + 1))
    }
}

/// What a clock says the how-manieth time it is asked.
type Lie = fn(u64) -> u64;

/// Each kind of lie, and its name.
const LIES: [(&str, Lie); 6] = [
    ("it stands", |_| 7),
    ("it stands at nothing", |_| 0),
    ("it goes backwards", |asked| u64::MAX - asked),
    ("it jumps to its end and back", |asked| [3, u64::MAX, 0, u64::MAX - 1][asked as usize % 4]),
    ("it wraps", |asked| (u64::MAX - 5).wrapping_add(asked)),
    ("it goes back a little now and then", |asked| asked * 10 - asked % 3 * 9),
];

/// What one span looked like when it was read.
struct Read {
    id: SpanId,
    parent: Option<SpanId>,
    trace: TraceId,
}

/// Records pairs of spans by a clock, reads each from its ring, and returns them.
fn recorded_by(says: Lie) -> Vec<Read> {
    let ring = Ring::<[Slot; 64]>::new();
    let pen = Recorder::new(Lies { asked: Cell::new(0), says });
    let nobody: fn() = || {};
    assert!(pen.lend(ring.writer(nobody), 42).is_ok(), "it had no ring yet");
    let (mut words, mut read) = ([0; 64], Vec::new());
    for _ in 0..SPANS / 2 {
        let outer = pen.start(None, pen.root(true));
        let inner = pen.start(None, outer.as_current());
        for (span, outcome) in [(&inner, Outcome::Error), (&outer, Outcome::Ended)] {
            pen.end(span, outcome).expect("the ring has room");
            let filled = ring.reader().read(&mut words);
            let Ok(Record::Span(record)) = Record::decode(&words[..filled]) else {
                panic!("one whole span");
            };
            assert_eq!((record.outcome, Some(record.span_id)), (outcome, span.span_id()));
            read.push(Read {
                id: record.span_id,
                parent: record.parent_id,
                trace: record.trace_id,
            });
        }
    }
    read
}

#[test]
fn spans_are_whole_related_and_unlike_each_other_whatever_the_clock_says() {
    for (lie, says) in LIES {
        let read = recorded_by(says);
        assert_eq!(read.len(), SPANS, "{lie}");
        let ids: HashSet<_> = read.iter().map(|span| span.id).collect();
        assert_eq!(ids.len(), SPANS, "{lie}: no id comes again");
        let traces: HashSet<_> = read.iter().map(|span| span.trace).collect();
        assert_eq!(traces.len(), SPANS / 2, "{lie}: no trace comes again");
        for pair in read.chunks(2) {
            assert_eq!(pair[0].parent, Some(pair[1].id), "{lie}");
            assert_eq!((pair[1].parent, pair[0].trace), (None, pair[1].trace), "{lie}");
        }
    }
}
