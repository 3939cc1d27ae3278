//! Whatever a program on a board records, cut by the line anywhere, comes out as it was recorded.

mod board;

use board::{ASK, READ, Ram, TICKS_PER_SECOND, WAKE, all_of};
use exo_trace_core::compact::{OpenSpan, Recorder, Site, Value32};
use exo_trace_core::{Outcome, SpanContext, SpanId, TraceId};
use exo_trace_export::device::{Decoder, DeviceRecord, Heard};
use proptest::prelude::*;
use std::collections::HashMap;

/// One thing that a program does.
#[derive(Clone, Debug)]
enum Step {
    Start {
        site: usize,
        values: Vec<(usize, Value32)>,
        outcome: Outcome,
        remote: Option<SpanContext>,
    },
    End,
    Event {
        site: usize,
        values: Vec<Value32>,
    },
    Text(String),
    Pass(u32),
    Send,
}

const SITES: [&Site; 3] = [&READ, &ASK, &WAKE];

fn value() -> impl Strategy<Value = Value32> {
    prop_oneof![
        any::<i32>().prop_map(Value32::Int),
        (-100..100).prop_map(Value32::Int),
        any::<u32>().prop_map(Value32::Unsigned),
        any::<f32>().prop_filter("equal to itself", |f| !f.is_nan()).prop_map(Value32::Float),
        any::<bool>().prop_map(Value32::Bool),
    ]
}

fn remote() -> impl Strategy<Value = Option<SpanContext>> {
    let context = any::<(u128, u64)>().prop_filter_map("not zero", |(trace, span)| {
        let (trace_id, span_id) = (TraceId::new(trace)?, SpanId::new(span)?);
        let flags = exo_trace_core::TraceFlags::SAMPLED;
        Some(SpanContext { trace_id, span_id, flags, is_remote: true })
    });
    prop::option::weighted(0.2, context)
}

fn step() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![
        Just(Outcome::Ended),
        Just(Outcome::Error),
        Just(Outcome::Panic),
        Just(Outcome::Cancelled)
    ];
    let values = prop::collection::vec((0..4_usize, value()), 0..4);
    prop_oneof![
        4 => (0..3_usize, values, outcome, remote())
            .prop_map(|(site, values, outcome, remote)| Step::Start { site, values, outcome, remote }),
        4 => Just(Step::End),
        2 => (0..3_usize, prop::collection::vec(value(), 0..5))
            .prop_map(|(site, values)| Step::Event { site, values }),
        1 => ".{0,40}".prop_map(Step::Text),
        2 => (0..2_000_000_u32).prop_map(Step::Pass),
        1 => (0..1_u32 << 30).prop_map(Step::Pass),
        2 => Just(Step::Send),
    ]
}

/// What should come out, in the order of its records.
#[derive(Clone, Debug, PartialEq)]
enum Expected {
    Span {
        name: String,
        start: u64,
        end: u64,
        outcome: Outcome,
        dropped: u8,
        values: Vec<(String, String)>,
        parent: Option<usize>,
        remote: Option<SpanContext>,
        key: usize,
    },
    Event {
        name: String,
        at: u64,
        span: usize,
        values: Vec<(String, String)>,
    },
    Text {
        span: usize,
        text: String,
    },
}

/// A span that has begun, and what is expected of it.
struct Begun<'a, 'r> {
    span: OpenSpan<'a, 'r, board::Timer<'r>>,
    key: usize,
    start: u64,
    site: usize,
    values: [Option<Value32>; 4],
    dropped: u8,
    outcome: Outcome,
    parent: Option<usize>,
    remote: Option<SpanContext>,
}

fn named(site: usize, values: &[Option<Value32>]) -> Vec<(String, String)> {
    let keys: Vec<_> = SITES[site].keys().collect();
    let said = keys.iter().zip(values).filter_map(|(key, value)| Some((key, (*value)?)));
    said.map(|(key, value)| (key.to_string(), printed(value))).collect()
}

/// As the host's value of it prints.
fn printed(value: Value32) -> String {
    match value {
        Value32::Int(number) => format!("I64({number})"),
        Value32::Unsigned(number) => format!("I64({number})"),
        Value32::Float(number) => format!("{:?}", exo_trace_core::Value::F64(number.into())),
        Value32::Bool(truth) => format!("Bool({truth})"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_a_program_records_comes_out(
        first in any::<u32>(),
        steps in prop::collection::vec(step(), 0..120),
        cut in 1..40_usize,
    ) {
        let ram = Ram::new();
        ram.ticks.set(first);
        let mut stream = ram.stream(7);
        stream.poll(first);
        let recorder = ram.main();
        let mut program = Program::new(&recorder, first.into());
        // Sites first: a record whose site is not known yet comes out later than one whose is.
        let mut line = all_of(&mut stream);
        for step in &steps {
            match step {
                // A line that keeps up: a ring never fills, and a clock is looked at often enough.
                Step::Pass(ticks) => {
                    ram.pass(*ticks);
                    program.now += u64::from(*ticks);
                    stream.poll(ram.ticks.get());
                    line.extend(all_of(&mut stream));
                }
                Step::Send => line.extend(all_of(&mut stream)),
                other => program.step(other),
            }
            if ram.main.by_ref().recorded() - ram.main.by_ref().taken() > 4 {
                line.extend(all_of(&mut stream));
            }
        }
        while !program.open.is_empty() {
            program.step(&Step::End);
            line.extend(all_of(&mut stream));
        }
        ram.pass(TICKS_PER_SECOND);
        stream.poll(ram.ticks.get());
        line.extend(all_of(&mut stream));
        prop_assert_eq!(ram.main.by_ref().refused(), program.refused);

        let mut decoder = Decoder::new();
        let mut out = Vec::new();
        for piece in line.chunks(cut) {
            decoder.feed(piece, |heard| if let Heard::Record(record) = heard { out.push(record) });
        }
        check(&out, &program.expected)?;
        let counts = decoder.counts();
        prop_assert_eq!((counts.damaged, counts.missing, counts.malformed), (0, 0, 0));
        prop_assert_eq!((counts.waiting, counts.evicted, counts.orphaned), (0, 0, 0));
    }
}

/// A program under way, and what should come out of it.
struct Program<'a, 'r> {
    recorder: &'a Recorder<'r, board::Timer<'r>>,
    open: Vec<Begun<'a, 'r>>,
    expected: Vec<Expected>,
    now: u64,
    spans: usize,
    refused: usize,
}

impl<'a, 'r> Program<'a, 'r> {
    fn new(recorder: &'a Recorder<'r, board::Timer<'r>>, now: u64) -> Self {
        Self { recorder, open: vec![], expected: vec![], now, spans: 0, refused: 0 }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Start { site, values, outcome, remote } => {
                self.start(*site, values, *outcome, *remote);
            }
            Step::End => self.end(),
            Step::Event { site, values } => {
                let kept = values.len().min(SITES[*site].keys().count());
                self.recorder.event(SITES[*site], values);
                let Some(span) = self.open.last() else {
                    self.refused += 1;
                    return;
                };
                self.refused += values.len() - kept;
                let values: Vec<_> = values.iter().take(kept).map(|value| Some(*value)).collect();
                let (name, values) = (SITES[*site].name().into(), named(*site, &values));
                self.expected.push(Expected::Event { name, at: self.now, span: span.key, values });
            }
            Step::Text(text) => {
                self.recorder.text(&WAKE, text);
                match self.open.last() {
                    Some(span) => {
                        // An eighth of the ring.
                        let end = text.floor_char_boundary(120);
                        let text = text[..end].into();
                        self.expected.push(Expected::Text { span: span.key, text });
                    }
                    None => self.refused += 1,
                }
            }
            Step::Pass(_) | Step::Send => {}
        }
    }

    fn start(
        &mut self,
        site: usize,
        values: &[(usize, Value32)],
        outcome: Outcome,
        remote: Option<SpanContext>,
    ) {
        let mut span = match &remote {
            Some(remote) => self.recorder.continue_trace(SITES[site], remote),
            None => self.recorder.start(SITES[site]),
        };
        let mut kept = [None; 4];
        let mut dropped = 0;
        for (place, value) in values {
            span.set(*place, *value);
            if *place < SITES[site].keys().count() {
                kept[*place] = Some(*value);
            } else {
                dropped += 1;
            }
        }
        let parent = if remote.is_some() { None } else { self.open.last().map(|span| span.key) };
        let (key, start) = (self.spans, self.now);
        self.spans += 1;
        let begun =
            Begun { span, key, start, site, values: kept, dropped, outcome, parent, remote };
        self.open.push(begun);
    }

    fn end(&mut self) {
        let Some(begun) = self.open.pop() else { return };
        let Begun { span, key, start, site, values, dropped, outcome, parent, remote } = begun;
        span.end(outcome);
        let (name, values) = (SITES[site].name().into(), named(site, &values));
        let end = self.now;
        self.expected.push(Expected::Span {
            name,
            start,
            end,
            outcome,
            dropped,
            values,
            parent,
            remote,
            key,
        });
    }
}

/// Compares, and finds out on the way which id is which span.
fn check(out: &[DeviceRecord], expected: &[Expected]) -> Result<(), TestCaseError> {
    let mut ids: HashMap<usize, SpanId> = HashMap::new();
    let mut same = |key: usize, id: SpanId| *ids.entry(key).or_insert(id) == id;
    prop_assert_eq!(out.len(), expected.len());
    for (out, expected) in out.iter().zip(expected) {
        match (out, expected) {
            (
                DeviceRecord::Span(out),
                Expected::Span { name, start, end, outcome, dropped, values, parent, remote, key },
            ) => {
                let said = out.site.named(&out.values);
                let said: Vec<_> =
                    said.map(|(key, value)| (key.into(), format!("{value:?}"))).collect();
                prop_assert_eq!((&*out.site.name, &said), (&**name, values));
                prop_assert_eq!((out.start_ticks, out.end_ticks), (*start, *end));
                prop_assert_eq!(out.outcome, *outcome);
                // One place may be refused twice and counted once.
                prop_assert!(out.dropped <= *dropped && (out.dropped > 0) == (*dropped > 0));
                prop_assert!(same(*key, out.span_id));
                match (remote, parent) {
                    (Some(remote), _) => {
                        prop_assert_eq!(out.parent_id, Some(remote.span_id));
                        prop_assert_eq!(out.trace_id, remote.trace_id);
                    }
                    (None, Some(parent)) => {
                        prop_assert!(out.parent_id.is_some_and(|id| same(*parent, id)));
                    }
                    (None, None) => prop_assert_eq!(out.parent_id, None),
                }
            }
            (
                DeviceRecord::Event { site, span_id, ticks, values: out },
                Expected::Event { name, at, span, values },
            ) => {
                let said = site.named(out);
                let said: Vec<_> =
                    said.map(|(key, value)| (key.into(), format!("{value:?}"))).collect();
                prop_assert_eq!((&*site.name, &said, ticks), (&**name, values, at));
                prop_assert!(same(*span, *span_id));
            }
            (DeviceRecord::Text { span_id, text, .. }, Expected::Text { span, text: said }) => {
                prop_assert_eq!(&**text, said);
                prop_assert!(same(*span, *span_id));
            }
            (out, expected) => prop_assert!(false, "{:?} instead of {:?}", out, expected),
        }
    }
    Ok(())
}
