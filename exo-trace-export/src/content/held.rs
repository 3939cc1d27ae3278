//! Contents that wait for their span: bounded in bytes, the oldest go first, counted.
//!
//! A content is here before its span is: the queue it comes from is emptied after a ring is read and
//! before what was read is looked at. One whose span was refused by a full ring stays until others push
//! it out, or until the end.

use super::editor::{Edited, Editor};
use super::finished::finished;
use crate::SpanData;
use crate::batch::Batch;
use crate::statistics::Tally;
use exo_trace_core::SpanId;
use exo_trace_std::{CONTENT_QUEUE_BYTES_MAX, Captured, ContentQueue, semconv};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// How many bytes of contents one batch of spans may have before it goes.
const BATCH_BYTES_MAX: usize = 4 << 20;

/// What is said of the spans that are not whole yet.
pub(crate) struct Contents {
    editor: Editor,
    queue: &'static ContentQueue,
    /// How many bytes may wait for spans that are still open.
    bytes_max: usize,
    held: FxHashMap<SpanId, Vec<Content>>,
    /// Every content once, and some that have left.
    by_age: VecDeque<(SpanId, u64)>,
    age: u64,
    bytes: usize,
    /// How many bytes the spans of the present batch have.
    batch_bytes: usize,
}

struct Content {
    age: u64,
    key: &'static str,
    json: String,
    is_cut: bool,
}

impl Content {
    fn bytes(&self) -> usize {
        self.json.capacity() + size_of::<Self>()
    }
}

impl Contents {
    /// Holds so many bytes at most, beside as many in the queue they come from.
    pub(crate) fn new(editor: Editor, bytes_max: usize) -> Self {
        Self {
            editor,
            queue: ContentQueue::own(),
            bytes_max,
            held: FxHashMap::default(),
            by_age: VecDeque::new(),
            age: 0,
            bytes: 0,
            batch_bytes: 0,
        }
    }

    /// Takes in what was captured so far: one load where that is nothing.
    #[inline]
    pub(crate) fn absorb(&mut self, tally: &mut Tally) {
        for captured in self.queue.take() {
            self.keep(captured, tally);
        }
    }

    fn keep(&mut self, captured: Captured, tally: &mut Tally) {
        let Captured { span_id, key, json } = captured;
        let edited = self.editor.edit(key, json);
        tally.redactions_panicked += u64::from(edited.has_panicked);
        self.age += 1;
        let content = Content { age: self.age, key, json: edited.json, is_cut: edited.is_cut };
        self.bytes += content.bytes();
        self.by_age.push_back((span_id, content.age));
        let contents = self.held.entry(span_id).or_default();
        match contents.iter_mut().find(|known| known.key == key) {
            // What is said last counts.
            Some(known) => self.bytes -= std::mem::replace(known, content).bytes(),
            None => contents.push(content),
        }
        while self.bytes > self.bytes_max {
            self.evict(tally);
        }
        if self.by_age.len() > 4 * self.held.len() + 1_024 {
            let held = &self.held;
            self.by_age.retain(|(span_id, age)| {
                let contents = held.get(span_id);
                contents.is_some_and(|contents| contents.iter().any(|content| content.age == *age))
            });
        }
    }

    fn evict(&mut self, tally: &mut Tally) {
        let Some((span_id, age)) = self.by_age.pop_front() else {
            self.bytes = 0;
            return;
        };
        let Some(contents) = self.held.get_mut(&span_id) else { return };
        let Some(place) = contents.iter().position(|content| content.age == age) else { return };
        self.bytes -= contents.swap_remove(place).bytes();
        tally.contents_evicted += 1;
        if contents.is_empty() {
            self.held.remove(&span_id);
        }
    }

    /// Gives the last span of a batch what was captured of it.
    #[inline(always)]
    pub(crate) fn join(&mut self, span_id: SpanId, batch: &mut Batch) {
        if !self.held.is_empty() {
            self.join_held(span_id, batch);
        }
    }

    fn join_held(&mut self, span_id: SpanId, batch: &mut Batch) {
        let Some(mut contents) = self.held.remove(&span_id) else { return };
        // In an order that does not depend on who was evicted.
        contents.sort_by_key(|content| content.age);
        let Some(place) = batch.len().checked_sub(1) else { return };
        let wants_reasons = batch.vocabulary.wants_finish_reasons();
        for mut content in contents {
            self.bytes -= content.bytes();
            if wants_reasons && content.key == semconv::GEN_AI_OUTPUT_MESSAGES.as_str() {
                self.finish(&mut content, &SpanData::borrowed(batch, place));
            }
            self.batch_bytes += content.bytes();
            if content.is_cut {
                batch.truncated.add(place, content.key);
            }
            batch.derived.add(place, content.key, content.json);
        }
    }

    /// Says in the messages of an answer why it ended.
    fn finish(&self, content: &mut Content, span: &SpanData<'_>) {
        let reasons = span.attribute(semconv::GEN_AI_RESPONSE_FINISH_REASONS);
        if let Some(messages) = finished(&content.json, reasons) {
            let Edited { json, is_cut, .. } = self.editor.written(&messages);
            content.json = json;
            content.is_cut |= is_cut;
        }
    }

    /// Tells whether the spans of the present batch have more than one should.
    pub(crate) fn fill_a_batch(&self) -> bool {
        self.batch_bytes >= BATCH_BYTES_MAX
    }

    /// Begins another batch.
    pub(crate) fn begin_batch(&mut self) {
        self.batch_bytes = 0;
    }

    /// Forgets what waits, and returns how many contents that were.
    pub(crate) fn forget(&mut self) -> u64 {
        self.by_age.clear();
        self.bytes = 0;
        let held = self.held.drain().map(|(_, contents)| contents.len());
        (self.queue.take().len() + held.sum::<usize>()) as u64
    }
}

impl Default for Contents {
    fn default() -> Self {
        Self::new(Editor::default(), CONTENT_QUEUE_BYTES_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(span: u64, bytes: usize) -> Captured {
        let span_id = SpanId::new(span).unwrap();
        Captured {
            span_id,
            key: "gen_ai.input.messages",
            json: format!("\"{}\"", "a".repeat(bytes)),
        }
    }

    #[test]
    fn contents_whose_spans_never_come_take_no_more_than_they_may() {
        let (mut contents, mut tally) = (Contents::default(), Tally::default());
        for span in 1..=2_000 {
            contents.keep(captured(span, 20_000), &mut tally);
        }
        assert!(contents.bytes <= CONTENT_QUEUE_BYTES_MAX);
        let held = contents.held.len() as u64;
        assert_eq!(held + tally.contents_evicted, 2_000, "each is here or counted");
        assert!(contents.held.contains_key(&SpanId::new(2_000).unwrap()), "the newest stays");
        assert_eq!(contents.forget(), held);
        assert_eq!((contents.bytes, contents.held.len()), (0, 0));
    }

    #[test]
    fn what_is_said_again_and_again_takes_one_place() {
        let (mut contents, mut tally) = (Contents::default(), Tally::default());
        for length in 0..10_000 {
            contents.keep(captured(1, length % 100), &mut tally);
        }
        assert!(contents.bytes < 1_000 && contents.by_age.len() < 2_048, "{}", contents.bytes);
        assert_eq!(tally.contents_evicted, 0);
    }
}
