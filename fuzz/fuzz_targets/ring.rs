//! Whatever is written, read, closed and lent again, a ring is a queue that counts: every accepted record
//! comes out once, in order and unchanged, and none is refused while a model of the ring has room.
#![no_main]

use exo_trace_core::{
    Clock, Dropped, Facts, Fields, Full, Gathered, OpenSpan, Outcome, Reader, Record, Recorder,
    Ring, Slot, SpanRecord, Value, Written,
};
use exo_trace_fuzz::drawn::{ATTRIBUTES_MAX, Drawn, callsite, key, span_id};
use exo_trace_fuzz::ring_model::{RingModel, Verdict};
use exo_trace_fuzz::script::Script;
use libfuzzer_sys::fuzz_target;
use std::cell::Cell;

/// As long as the longest record that any ring here takes.
const BUFFER_WORDS: usize = 640;

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    match script.below(4) {
        0 => live(&Ring::<[Slot; 32]>::new(), script),
        1 => live(&Ring::<[Slot; 64]>::new(), script),
        2 => live(&Ring::<[Slot; 256]>::new(), script),
        _ => live(&Ring::<[Slot; 4_096]>::new(), script),
    }
});

/// A clock of which each reading is another tick.
struct Steps(Cell<u64>);

impl Clock for &Steps {
    fn ticks(&self) -> u64 {
        self.0.replace(self.0.get() + 1)
    }
}

fn live<const N: usize>(ring: &Ring<[Slot; N]>, mut script: Script<'_>) {
    let (clock, woken) = (Steps(Cell::new(1)), Cell::new(0));
    let on_half = || woken.set(woken.get() + 1);
    let lend = || {
        let recorder = Recorder::new(&clock);
        assert!(recorder.lend(ring.writer(on_half), 42).is_ok(), "it had no ring yet");
        let root = recorder.start(None, recorder.root(true));
        recorder.enter(root.as_current()).expect("no span is current");
        recorder
    };
    let (mut recorder, mut reader) = (lend(), ring.reader());
    let mut model = RingModel::new(ring.capacity());
    // Where the reader was woken last, by this writer.
    let mut woken_at = None;
    while let Some(step) = script.step() {
        let before = woken.get();
        let verdict = match step % 16 {
            0..=4 => Some(record(&recorder, &mut model, &Drawn::from(&mut script))),
            5 => Some(text(&recorder, &mut model, &mut script)),
            6 => Some(gathered(&recorder, &mut model, &mut script)),
            7..=9 => Some(span(&recorder, &mut model, &mut script)),
            10 | 11 => read(&mut reader, &mut model, usize::from(script.byte())),
            12 => read(&mut reader, &mut model, BUFFER_WORDS),
            13 => skip(&mut reader, &mut model),
            14 => {
                recorder.writer().expect("it was lent one").close();
                model.set_closed(true);
                None
            }
            _ => {
                (recorder, reader, woken_at) = (lend(), ring.reader(), None);
                model.set_closed(false);
                None
            }
        };
        let wakes = woken.get() - before;
        if let Some(verdict) = verdict {
            let read = Some(model.read_position());
            assert!(wakes <= usize::from(woken_at != read), "once for each place of the reader");
            woken_at = if wakes > 0 { read } else { woken_at };
            assert!(!verdict.must_wake || woken_at == read, "past half, and nobody was woken");
        } else {
            assert_eq!(wakes, 0, "only a record wakes");
        }
        let counts = (ring.recorded(), ring.refused(), ring.taken());
        assert_eq!(counts, (model.accepted, model.refused, model.taken));
        assert_eq!(model.accepted, model.taken + model.waiting(), "none is lost in between");
        assert_eq!(reader.has_reached(reader.written()), model.is_empty());
    }
    while model.waiting() > 0 {
        read(&mut reader, &mut model, BUFFER_WORDS);
    }
}

type Pen<'r, 'c, const N: usize, W> = Recorder<'r, [Slot; N], &'c Steps, W>;

fn words_max<const N: usize, W: Fn()>(pen: &Pen<'_, '_, N, W>) -> usize {
    pen.writer().expect("it was lent one").record_words_max()
}

fn record<const N: usize, W: Fn()>(
    pen: &Pen<'_, '_, N, W>,
    model: &mut RingModel,
    drawn: &Drawn,
) -> Verdict {
    let verdict = model.push(drawn, words_max(pen));
    assert_eq!(pen.record(&drawn.record()), verdict.answer);
    verdict
}

/// One text, by the straight way if that is open, which it must not be where the ring is full.
fn text<const N: usize, W: Fn()>(
    pen: &Pen<'_, '_, N, W>,
    model: &mut RingModel,
    script: &mut Script<'_>,
) -> Verdict {
    let (span_id, key, text) = (span_id(script.number()), key(script.below(4)), script.text());
    let is_cut = script.flag();
    let written = Written { key, order: 3, is_cut, value: Value::Text(text) };
    let facts = Record::Facts(Facts { span_id, attributes: Fields::NONE });
    let drawn = Drawn::of(facts, &[written]);
    let is_short = drawn.words() <= words_max(pen);
    let verdict = if is_short {
        model.push(&drawn, words_max(pen))
    } else {
        // A text that came to say nothing else is refused with it.
        model.refuse_too_long()
    };
    let is_done = !is_cut && pen.record_short_text(span_id, key, 3, text);
    let answer = if is_done { Ok(()) } else { pen.record_text(span_id, key, 3, is_cut, text) };
    assert_eq!(answer, verdict.answer);
    verdict
}

fn gathered<const N: usize, W: Fn()>(
    pen: &Pen<'_, '_, N, W>,
    model: &mut RingModel,
    script: &mut Script<'_>,
) -> Verdict {
    let (span_id, mut gathered) = (span_id(script.number()), <Gathered>::new());
    let attributes = said(script);
    for said in &attributes {
        assert!(gathered.push(said.key, said.order, said.value), "sixteen of a word find room");
    }
    let facts = Record::Facts(Facts { span_id, attributes: Fields::NONE });
    let verdict = model.push(&Drawn::of(facts, &attributes), words_max(pen));
    assert_eq!(pen.record_gathered(span_id, &gathered), verdict.answer);
    verdict
}

/// A span below the current one, by the straight way if that is open.
fn span<const N: usize, W: Fn()>(
    pen: &Pen<'_, '_, N, W>,
    model: &mut RingModel,
    script: &mut Script<'_>,
) -> Verdict {
    let before = pen.current();
    let (is_coarse, dropped) = (script.flag(), script.below(8).saturating_sub(6) as u16);
    let open = if is_coarse {
        pen.begin_coarse(callsite(), before)
    } else {
        pen.begin(callsite(), before)
    };
    let mut open: OpenSpan = open.with_room();
    let attributes = said(script);
    for said in &attributes {
        assert!(open.keep(said.key, said.order, said.value), "eight of a word find room");
    }
    open.drop_attributes(dropped);
    let context = open.span_context().expect("it has ids");
    let record = SpanRecord {
        callsite: Some(callsite()),
        trace_id: context.trace_id,
        span_id: context.span_id,
        parent_id: before.span_id(),
        is_parent_remote: false,
        flags: context.flags,
        start_ticks: open.start_ticks(),
        end_ticks: pen.clock().0.get(),
        outcome: Outcome::Ended,
        is_foreign: false,
        identity: None,
        dropped: Dropped { attributes: dropped, ..Dropped::default() },
        attributes: Fields::NONE,
    };
    let verdict = model.push(&Drawn::of(Record::Span(record), &attributes), words_max(pen));
    let back = pen.enter_below(open.as_current(), open.parent_word()).expect("nobody came between");
    let answer = match is_coarse {
        true => pen.coarse_room(&open).map(|(room, ticks)| {
            let words = open.write(room, ticks);
            pen.publish(words, back);
        }),
        false => pen.finish(&open, back).then_some(()),
    };
    let answer = answer.map_or_else(
        || {
            assert!(pen.leave(&mut open, back), "it is the current one");
            pen.end(&open, Outcome::Ended)
        },
        Ok::<(), Full>,
    );
    assert_eq!(answer, verdict.answer);
    assert_eq!(pen.current(), before);
    verdict
}

/// A few attributes of one word.
fn said(script: &mut Script<'_>) -> Vec<Written<'static>> {
    let count = script.below(ATTRIBUTES_MAX + 1);
    let one = |order| Written {
        key: key(usize::from(order)),
        order,
        is_cut: false,
        value: Value::I64(script.number() as i64),
    };
    (0..count as u8).map(one).collect()
}

fn read<S: AsRef<[Slot]>>(
    reader: &mut Reader<'_, S>,
    model: &mut RingModel,
    room: usize,
) -> Option<Verdict> {
    let mut words = [0; BUFFER_WORDS];
    let filled = reader.read(&mut words[..room]);
    assert!(words[filled..] == [0; BUFFER_WORDS][filled..], "what is past the end stays");
    model.read(room, &words[..filled]);
    None
}

fn skip<S: AsRef<[Slot]>>(reader: &mut Reader<'_, S>, model: &mut RingModel) -> Option<Verdict> {
    let waiting = model.waiting();
    model.read(0, &[]);
    assert_eq!(reader.skip(), waiting);
    None
}
