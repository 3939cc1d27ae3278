//! A span under way: what its record will say, on its caller's stack.
//!
//! To say a value is to store its word and its tag, two instructions at the call site; what they mean for
//! the record is worked out once, at the end.

use super::aside::Aside;
use super::clock::Moment;
use super::current::Current;
use super::head::{Kind, OUTCOME_AT, SPAN_WORDS, TAGS_AT, count};
use super::value::{ABSENT, tag};
use super::{Clock32, LocalId, Recorder, Slot, VALUES_MAX, Value32};
use crate::Outcome;
use crate::word::Atom;
use core::fmt;

/// A span that has begun; it ends when it is dropped, as its caller meant it to.
///
/// Whatever begins meanwhile with the same recorder is a child of it. Spans are to end in the opposite order
/// of their beginning, as scopes do. One that ends early leaves the others their parents; where two have,
/// what begins later may lose its parent. It never gets a wrong one, as long as each span ends in the task
/// that began it or in one that this task polls; one that ends elsewhere, its own task may still take for a
/// parent.
///
/// Which of two spans is older is told by their ids: right as long as fewer than 2²⁷ spans of its recorder
/// begin while one is open.
#[must_use = "a span ends when it is dropped"]
// In this order most fields are loaded and stored two by two; it was found by counting others.
#[repr(C)]
pub struct OpenSpan<'a, 'r, C: Clock32> {
    /// At each place, which bits of its tag are not those of a truth, where they are among all tags. Bytes of
    /// the stack that are not at the beginning of something cost a small chip an address of their own.
    cleared: [u8; VALUES_MAX],
    /// Its first word, turned so that the tags are its upper byte; all bits set of those of its keys.
    turned_head: u32,
    recorder: &'a Recorder<'r, C>,
    start: Moment,
    parent: u32,
    pub(super) before: Current,
    /// What is current inside it.
    pub(super) own: Current,
    values: [u32; VALUES_MAX],
}

/// How many words a span has that has all that one can have.
pub(super) const LONG_SPAN_WORDS: usize = SPAN_WORDS + VALUES_MAX + 1;

/// How far a head is turned to the left while its span is open.
const TURN: u32 = 16;
const _: () = assert!(TAGS_AT + TURN == 24, "the tags are the upper byte");

impl<'a, 'r, C: Clock32> OpenSpan<'a, 'r, C> {
    /// Begins a span whose first word says nothing yet.
    #[inline(always)]
    pub(super) fn begin(
        recorder: &'a Recorder<'r, C>,
        turned_head: u32,
        start: Moment,
        before: Current,
        own: Current,
    ) -> Self {
        let parent = before.span;
        let (cleared, values) = ([0; VALUES_MAX], [ABSENT, ABSENT, ABSENT, ABSENT]);
        Self { recorder, before, own, parent, start, turned_head, cleared, values }
    }

    /// Says a value under the key at this place of its call site; what was said there before is replaced.
    ///
    /// Where the site has no such key, the value is refused, and the span's record says how many were; past
    /// the fourth place, which no site has, it counts as a record that the ring refused.
    ///
    /// ```
    /// # use exo_trace_core::compact::{Clock32, Recorder, Ring, Site, site};
    /// # struct Timer;
    /// # impl Clock32 for Timer { fn ticks(&self) -> u32 { 40 } }
    /// static RING: Ring<64> = Ring::new();
    /// static READ: Site = site!("sensor.read", ["celsius", "is_late"]);
    ///
    /// let recorder = Recorder::new(&RING, Timer);
    /// let mut span = recorder.start(&READ);
    /// span.set(0, 21.5);
    /// span.set(1, false);
    /// ```
    #[inline(always)]
    pub fn set(&mut self, place: usize, value: impl Into<Value32>) {
        let (tag, word) = value.into().to_parts();
        // The end sees by its tag that a value has no key; a truth must differ from itself for that.
        let tag = if tag == tag::BOOL && place >= self.keys() { tag::INT } else { tag };
        match (self.cleared.get_mut(place), self.values.get_mut(place)) {
            (Some(cleared), Some(to)) => {
                (*cleared, *to) = (((tag ^ tag::BOOL) << (2 * place)) as u8, word);
            }
            _ => self.recorder.refuse(),
        }
    }

    /// Ends it and leaves what is current as it is.
    pub(super) fn end_outside(self) {
        let place = &self.recorder.place;
        let outside = place.swap(Aside::inside(self.own));
        drop(self);
        place.swap(outside);
    }

    /// Returns its id; `None` where its trace is not sampled.
    pub fn id(&self) -> Option<LocalId> {
        self.own.id()
    }

    /// Says how it will have ended when it is dropped.
    #[inline(always)]
    pub fn set_outcome(&mut self, outcome: Outcome) {
        let outcome_at = OUTCOME_AT + TURN;
        self.turned_head = self.turned_head & !(3 << outcome_at) | (outcome as u32) << outcome_at;
    }

    /// Ends it, with an outcome.
    #[inline(always)]
    pub fn end(mut self, outcome: Outcome) {
        self.set_outcome(outcome);
    }

    /// Returns how many words its record has.
    #[inline(always)]
    pub(super) fn words(&self) -> usize {
        SPAN_WORDS + self.keys()
    }

    /// Returns how many keys its call site has.
    #[inline(always)]
    fn keys(&self) -> usize {
        count(self.turned_head >> TURN)
    }

    /// Returns zero for a span that ended within a lap of the timer, as far as somebody counts, and could say
    /// everything.
    #[inline(always)]
    pub(super) fn oddity(&self, end: Moment) -> u32 {
        let beyond = self.cleared() & !self.turned_head;
        (self.start.half_laps ^ end.half_laps) | beyond
    }

    /// Returns which bits of the tags are not those of a truth, in the upper byte.
    #[inline(always)]
    fn cleared(&self) -> u32 {
        // No bit is set in two of the bytes: their sum, in the upper byte of the product, is all of them.
        u32::from_le_bytes(self.cleared).wrapping_mul(0x0101_0101) & 0xff << 24
    }

    /// Returns the words of its record before its values.
    #[inline(always)]
    fn fixed(&self, end_ticks: u32) -> [u32; SPAN_WORDS] {
        let head = (self.turned_head & !self.cleared()).rotate_right(TURN);
        [head, self.start.ticks, end_ticks, self.own.span, self.parent, self.own.root]
    }

    /// Writes its record into as many slots as it has words; one by one, because a loop costs more than
    /// what it copies.
    #[inline(always)]
    pub(super) fn write(&self, end_ticks: u32, slots: &[Slot]) {
        let Some((fixed, rest)) = slots.split_first_chunk::<SPAN_WORDS>() else { return };
        let words = self.fixed(end_ticks);
        fixed[0].store(words[0]);
        fixed[1].store(words[1]);
        fixed[2].store(words[2]);
        fixed[3].store(words[3]);
        fixed[4].store(words[4]);
        fixed[5].store(words[5]);
        let values = &self.values;
        if let [first, second] = rest {
            first.store(values[0]);
            second.store(values[1]);
        } else {
            self.write_values(rest);
        }
    }

    /// Writes any number of values; two, as most spans have, need no loop.
    #[cold]
    #[inline(never)]
    fn write_values(&self, slots: &[Slot]) {
        slots.iter().zip(&self.values).for_each(|(slot, word)| slot.store(*word));
    }

    /// Returns its record, with a last word for what few spans have.
    #[inline(always)]
    pub(super) fn long_words<'w>(
        &self,
        end: Moment,
        words: &'w mut [u32; LONG_SPAN_WORDS],
    ) -> &'w [u32] {
        let keys = self.keys();
        let beyond = self.cleared.iter().skip(keys).filter(|bits| **bits != 0).count();
        let last = u32::from(self.start.laps_until(end)) | (beyond as u32) << 8;
        let ([a, b, c, d, e, f], [g, h, i, j]) = (self.fixed(end.ticks), self.values);
        *words = [a, b, c, d, e, f, g, h, i, j, 0];
        let mut filled = SPAN_WORDS + keys;
        if let Some(to) = words.get_mut(filled).filter(|_| last != 0) {
            *to = last;
            words[0] |= Kind::LongSpan as u32;
            filled += 1;
        }
        words.get(..filled).unwrap_or_default()
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
