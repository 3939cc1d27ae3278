//! A span under way: the words of its record on its caller's stack, waiting for their end.

use super::clock::Moment;
use super::current::Current;
use super::head::{Kind, LONG_SPAN_WORDS, OUTCOME_AT, SPAN_WORDS, TAGS_AT, count};
use super::{Clock32, LocalId, Recorder, Value32};
use crate::Outcome;
use core::fmt;

/// A span that has begun; it ends when it is dropped, as its caller meant it to.
///
/// Whatever begins meanwhile with the same recorder is a child of it. It is to be dropped before what was
/// begun before it; where that happens otherwise, parents stay right as [`Recorder`] has it.
#[must_use = "a span ends when it is dropped"]
pub struct OpenSpan<'a, 'r, C: Clock32> {
    pub(super) recorder: &'a Recorder<'r, C>,
    pub(super) before: Current,
    pub(super) half_laps: u32,
    /// How many values it could not keep.
    pub(super) dropped: u32,
    /// Its record, and room for one word more.
    pub(super) words: [u32; LONG_SPAN_WORDS],
}

impl<C: Clock32> OpenSpan<'_, '_, C> {
    /// Says a value under the key at this place of its call site; what was said there before is replaced.
    ///
    /// Where the site has no such key, the value is refused, and the span's record says how many were.
    #[inline(always)]
    pub fn set(&mut self, place: usize, value: impl Into<Value32>) {
        let (tag, word) = value.into().to_parts();
        self.put(place << 2 | tag as usize, word);
    }

    /// Says a word at a place; its tag is in the two lowest bits, so that both are one constant.
    #[inline(never)]
    fn put(&mut self, place_and_tag: usize, word: u32) {
        let [head, ..] = &mut self.words;
        let (place, tag) = (place_and_tag >> 2, place_and_tag as u32 & 3);
        if place < count(*head) {
            let bits = TAGS_AT as usize + 2 * place;
            *head = *head & !(3 << bits) | tag << bits;
            if let Some(to) = self.words.get_mut(SPAN_WORDS + place) {
                *to = word;
            }
        } else {
            self.dropped += 1;
        }
    }

    /// Returns its id; `None` where its trace is not sampled.
    pub fn id(&self) -> Option<LocalId> {
        let [_, _, _, id, ..] = self.words;
        LocalId::new(id)
    }

    /// Says how it will have ended when it is dropped.
    #[inline(always)]
    pub fn set_outcome(&mut self, outcome: Outcome) {
        let [head, ..] = &mut self.words;
        *head = *head & !(3 << OUTCOME_AT) | (outcome as u32) << OUTCOME_AT;
    }

    /// Ends it, with an outcome.
    #[inline(always)]
    pub fn end(mut self, outcome: Outcome) {
        self.set_outcome(outcome);
    }

    /// Adds the word of what few spans have, after so many others, and returns how many that are.
    #[cold]
    #[inline(never)]
    pub(super) fn lengthen(&mut self, end: Moment, words: usize) -> usize {
        let [head, ticks, ..] = &mut self.words;
        let start = Moment { half_laps: self.half_laps, ticks: *ticks };
        let last = u32::from(start.laps_until(end)) | self.dropped.min(0xff) << 8;
        if last == 0 {
            return 0;
        }
        *head |= Kind::LongSpan as u32;
        if let Some(to) = self.words.get_mut(words) {
            *to = last;
        }
        1
    }
}

impl<C: Clock32> Drop for OpenSpan<'_, '_, C> {
    #[inline(never)]
    fn drop(&mut self) {
        self.recorder.finish(self);
    }
}

impl<C: Clock32> fmt::Debug for OpenSpan<'_, '_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenSpan").field("id", &self.id()).finish_non_exhaustive()
    }
}
