//! Spans in, requests out: each request as full as it may be, and no fuller.

use super::cut::Parts;
use super::own::Own;
use super::request::{Mark, Sheets};
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
    /// How many spans the request has.
    spans: usize,
}

impl Encoder {
    /// Returns an encoder of requests that are at most `bytes_max` bytes long.
    pub(crate) fn new(resource: &Resource, bytes_max: usize) -> Self {
        let mut sheets = Sheets::new(resource);
        let templates = Templates::new(&mut sheets);
        Self { bytes_max, sheets, templates, keys: Keys::new(Arc::default()), spans: 0 }
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
            let mark = self.put(batch, place, &mut own, |source, keys, bytes| {
                source.put(bytes, keys);
            });
            if self.sheets.len() > self.bytes_max {
                self.sheets.undo(mark);
                break;
            }
            self.spans += 1;
        }
        self.spans - before
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
    use crate::config::Limits;
    use crate::statistics::Tally;
    use crate::timeline::Timeline;

    /// One span without a call site, as its words stand in a ring.
    fn one_span() -> Batch {
        let limits = Limits { attribute_count_max: 1, event_count_max: 1, link_count_max: 1 };
        let mut assembler = Assembler::new(limits, Arc::default(), Arc::default());
        let words = [1 | 1 << 8 | 7 << 32, 5, 6, 1, 0, 0, 1];
        assembler.take(&words, &Timeline::start(), &mut Tally::default());
        assembler.batch()
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
