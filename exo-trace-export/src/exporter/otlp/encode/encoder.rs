//! Spans in, requests out: each request as full as it may be, and no fuller.

use super::cut::Parts;
use super::draft::Draft;
use super::own::Own;
use super::request::{Mark, Sheets};
use super::simple::Simple;
use super::span::Source;
use super::template::{Keys, Templates};
use crate::batch::Batch;
use crate::resource::Resource;
use bytes::Bytes;
use std::ops::Range;
use std::sync::Arc;

/// Writes spans into requests of a bounded length.
#[derive(Debug)]
pub(crate) struct Encoder {
    bytes_max: usize,
    sheets: Sheets,
    templates: Templates,
    keys: Keys,
    draft: Draft,
    /// How many spans the request has.
    spans: usize,
}

impl Encoder {
    /// Returns an encoder of requests that are at most `bytes_max` bytes long.
    pub(crate) fn new(resource: &Resource, bytes_max: usize) -> Self {
        let mut sheets = Sheets::new(resource);
        let templates = Templates::new(&mut sheets);
        let (keys, draft) = (Keys::new(Arc::default()), Draft::new());
        Self { bytes_max, sheets, templates, keys, draft, spans: 0 }
    }

    /// Writes the names that a batch wants from here on; all batches of one run want the same.
    fn speak_as(&mut self, batch: &Batch) {
        if !self.keys.are_of(&batch.vocabulary) {
            self.templates = Templates::new(&mut self.sheets);
            self.keys = Keys::new(Arc::clone(&batch.vocabulary));
        }
    }

    /// Adds spans of `batch` until the request would pass its bound, and returns how many it took.
    ///
    /// None of a request without spans means that the first alone is too long; see
    /// [`Encoder::push_cut`].
    pub(crate) fn push(&mut self, batch: &Batch, places: Range<usize>) -> usize {
        self.speak_as(batch);
        let mut own = Own::default();
        let places = places.start..places.end.min(batch.len());
        let before = self.spans;
        for place in places {
            if self.draft(batch, place, &mut own) {
                self.spans += 1;
                continue;
            }
            self.draft.flush(&mut self.sheets);
            let mark = self.put(batch, place, &mut own, |source, keys, bytes| {
                source.put(bytes, keys);
            });
            if self.sheets.len() > self.bytes_max {
                self.sheets.undo(mark);
                break;
            }
            self.spans += 1;
        }
        self.draft.flush(&mut self.sheets);
        self.spans - before
    }

    /// Writes a simple span that there is room for; `false` for every other.
    #[inline(always)]
    fn draft<'a>(&mut self, batch: &'a Batch, place: usize, own: &mut Own<'a>) -> bool {
        let Self { bytes_max, sheets, templates, keys, draft, .. } = self;
        let span = batch.record(place);
        let template = templates.of(span.callsite, sheets, &batch.vocabulary);
        let Some(mould) = template.mould(span.parent_id.is_some()) else { return false };
        let simple = Simple { batch, place, template, mould };
        draft.add(template.sheet, sheets, *bytes_max, |cast| simple.put(span, cast, keys, own))
    }

    /// Adds one span that alone is too long, cut down; `false` when even that does not help.
    ///
    /// What is taken from it is counted in it. For a request without spans.
    pub(crate) fn push_cut(&mut self, batch: &Batch, place: usize) -> bool {
        if place >= batch.len() {
            return false;
        }
        self.speak_as(batch);
        let bytes_max = self.bytes_max;
        let frame = self.frame_of(batch, place);
        let mut fits = false;
        let mark = self.put(batch, place, &mut Own::default(), |source, keys, bytes| {
            let mut parts = Parts::of(source, keys);
            fits = bytes_max.checked_sub(frame).is_some_and(|room| parts.cut_to(room));
            if fits {
                parts.put(bytes);
            }
        });
        if fits {
            self.spans += 1;
        } else {
            self.sheets.undo(mark);
        }
        fits
    }

    /// How many spans the request has.
    pub(crate) fn len(&self) -> usize {
        self.spans
    }

    /// Tells whether the request has no spans.
    pub(crate) fn is_empty(&self) -> bool {
        self.spans == 0
    }

    /// Returns the request and begins another; empty, and a request still, when it has no spans.
    pub(crate) fn finish(&mut self) -> Bytes {
        self.spans = 0;
        self.sheets.finish()
    }

    /// Writes one span with `write`, and returns where that can be undone.
    #[inline]
    fn put<'a>(
        &mut self,
        batch: &'a Batch,
        place: usize,
        own: &mut Own<'a>,
        write: impl FnOnce(&Source<'a, '_>, &mut Keys, &mut Vec<u8>),
    ) -> Mark {
        let span = batch.record(place);
        own.gather(batch, place, &span);
        let vocabulary = &batch.vocabulary;
        let template = self.templates.of(span.callsite, &mut self.sheets, vocabulary);
        let (mark, bytes) = self.sheets.write(template.sheet);
        write(&Source { batch, place, span, own, template }, &mut self.keys, bytes);
        self.sheets.written(mark);
        mark
    }

    /// Returns how many bytes of the request are not a span's, once this span's scope is in it.
    fn frame_of(&mut self, batch: &Batch, place: usize) -> usize {
        let callsite = batch.record(place).callsite;
        let sheet = self.templates.of(callsite, &mut self.sheets, &batch.vocabulary).sheet;
        let (mark, _) = self.sheets.write(sheet);
        let frame = self.sheets.len();
        self.sheets.undo(mark);
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble::Assembler;
    use crate::batch::Whole;
    use crate::config::Limits;
    use crate::statistics::Tally;
    use crate::timeline::Timeline;
    use exo_trace_core::{
        Dropped, Fields, InternedKey, Key, Outcome, Record, Ring, Slot, SpanId, SpanRecord,
        TraceFlags, TraceId, Value, Written,
    };
    use std::sync::Mutex;

    /// One span without a call site, as its words stand in a ring.
    fn one_span() -> Batch {
        let limits = Limits { attribute_count_max: 1, event_count_max: 1, link_count_max: 1 };
        let mut assembler = Assembler::new(limits, Arc::default(), Arc::default());
        let words = [1 | 1 << 8 | 7 << 32, 5, 6, 1, 0, 0, 1];
        assembler.take(&words, &Timeline::start(), &mut Tally::default());
        assembler.batch()
    }

    /// A batch of one span with these attributes, whose parent is `parent_id`.
    fn simple_span(parent_id: Option<SpanId>, attributes: &[Written<'_>]) -> Batch {
        static RING: Ring<[Slot; 1_024]> = Ring::new();
        static ALONE: Mutex<()> = Mutex::new(());
        let _alone = ALONE.lock().unwrap();
        let span = SpanRecord {
            callsite: None,
            trace_id: TraceId::new(0x0102 << 96 | 7).unwrap(),
            span_id: SpanId::new(0x0a0b_0c0d).unwrap(),
            parent_id,
            is_parent_remote: parent_id.is_some(),
            flags: TraceFlags::SAMPLED,
            start_ticks: 5,
            end_ticks: 1 << 40,
            outcome: Outcome::Ended,
            is_foreign: false,
            identity: None,
            dropped: Dropped::default(),
            attributes: Fields::Borrowed(attributes),
        };
        RING.writer(|| {}).record(&Record::Span(span)).unwrap();
        let mut words = [0; 1_024];
        let read = RING.reader().read(&mut words);
        let mut batch = Batch::default();
        let record = batch.append(&words[..read]);
        batch.spans.push(Whole { record, ..Whole::default() });
        batch
    }

    #[test]
    fn a_simple_span_has_the_same_bytes_by_the_short_way_and_by_the_long_one() {
        static KEYS: [InternedKey; 6] = [
            InternedKey::new(Key::new("a.number")),
            InternedKey::new(Key::new("yes")),
            InternedKey::new(Key::new("a.fraction")),
            InternedKey::new(Key::new("a.text")),
            InternedKey::new(Key::new("a.text.of.the.program")),
            InternedKey::new(Key::new("another.number.with.a.longer.name")),
        ];
        static TEXT: InternedKey = InternedKey::new(Key::new("researcher"));
        let long = "x".repeat(80);
        for number in [0, 127, 128, 16_384, 1 << 21, (1 << 28) - 1, 1 << 28, 1 << 35, -1, i64::MIN]
        {
            let values = [
                Value::I64(number),
                Value::Bool(number > 9),
                Value::F64(0.5),
                Value::Text(&long),
                Value::Interned(TEXT.id()),
                Value::I64(!number),
            ];
            let written: Vec<_> = (0_u8..)
                .zip(KEYS.iter().zip(values))
                .map(|(order, (key, value))| Written { key: key.id(), order, is_cut: false, value })
                .collect();
            for (parent_id, attributes) in
                [(None, &written[..]), (SpanId::new(9), &written), (SpanId::new(3), &[])]
            {
                let batch = simple_span(parent_id, attributes);
                let mut short = Encoder::new(&Resource::default(), 2_000);
                short.speak_as(&batch);
                assert!(short.draft(&batch, 0, &mut Own::default()), "it is simple");
                short.draft.flush(&mut short.sheets);
                let mut long = Encoder::new(&Resource::default(), 2_000);
                long.speak_as(&batch);
                let write = |source: &Source<'_, '_>, keys: &mut Keys, bytes: &mut Vec<u8>| {
                    source.put(bytes, keys);
                };
                long.put(&batch, 0, &mut Own::default(), write);
                assert_eq!(short.finish(), long.finish());
            }
        }
    }

    #[test]
    fn what_is_said_twice_or_is_too_long_takes_the_long_way() {
        static TWICE: InternedKey = InternedKey::new(Key::new("twice"));
        let long = "x".repeat(200);
        let written = |order, value| Written { key: TWICE.id(), order, is_cut: false, value };
        let one = Value::I64(1);
        for attributes in [
            &[written(0, one), written(1, one)][..],
            &[written(0, Value::Text(&long))],
            &[written(0, Value::U64(u64::MAX))],
            &[written(0, Value::Empty)],
        ] {
            let batch = simple_span(None, attributes);
            let mut encoder = Encoder::new(&Resource::default(), 2_000);
            encoder.speak_as(&batch);
            assert!(!encoder.draft(&batch, 0, &mut Own::default()), "{attributes:?}");
            assert_eq!(encoder.push(&batch, 0..1), 1);
        }
    }

    #[test]
    fn a_request_without_spans_has_no_bytes() {
        let mut encoder = Encoder::new(&Resource::default(), 1_000);
        assert_eq!((encoder.finish(), encoder.len()), (Bytes::new(), 0));
        assert_eq!(encoder.push(&one_span(), 0..0), 0);
        assert!(encoder.finish().is_empty());
    }

    #[test]
    fn a_span_that_does_not_fit_leaves_nothing_behind() {
        let (batch, roomy) = (one_span(), 1_000);
        let mut encoder = Encoder::new(&Resource::default(), roomy);
        assert_eq!(encoder.push(&batch, 0..9), 1, "there is no more than one");
        let request = encoder.finish();

        let mut encoder = Encoder::new(&Resource::default(), request.len() - 1);
        assert_eq!(encoder.push(&batch, 0..1), 0);
        assert!(!encoder.push_cut(&batch, 0), "there is nothing to take from it");
        assert!(!encoder.push_cut(&batch, 1), "nor is there another");
        assert!(encoder.is_empty() && encoder.finish().is_empty());

        let mut encoder = Encoder::new(&Resource::default(), request.len());
        for _ in 0..3 {
            assert_eq!((encoder.push(&batch, 0..1), encoder.push(&batch, 0..1)), (1, 0));
            assert_eq!((encoder.len(), encoder.finish()), (1, request.clone()));
        }
    }
}
