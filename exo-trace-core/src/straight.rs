//! The straight way of a span: below the current one, entered at once, and ended where it began.
//!
//! Most spans go it, so it is short enough to be inlined into a call site, and everything else has one
//! answer: ask the long way, which knows what to do.

use crate::current::{Before, Current};
use crate::record::{Grant, SPAN_WORDS};
use crate::word::store;
use crate::{CallsiteId, Clock, KeyId, OpenSpan, Recorder, Slot, SpanId};

impl<'r, S: AsRef<[Slot]>, C: Clock, W: Fn()> Recorder<'r, S, C, W> {
    /// Begins a child of `parent`, a span whose children are recorded. It has no room for attributes
    /// yet: see [`OpenSpan::with_room`].
    #[inline(always)]
    pub fn begin(&self, callsite: CallsiteId, parent: Current) -> OpenSpan<0> {
        let start_ticks = self.ticks();
        OpenSpan::begin(Some(callsite), parent, self.span_id(start_ticks), start_ticks)
    }

    /// As [`Recorder::begin`], for a span whose times are coarse.
    #[inline(always)]
    pub fn begin_coarse(&self, callsite: CallsiteId, parent: Current) -> OpenSpan<0> {
        let start_ticks = self.clock().coarse_ticks();
        let mut span =
            OpenSpan::begin(Some(callsite), parent, self.span_id(start_ticks), start_ticks);
        span.mark_coarse();
        span
    }

    /// Makes a span current that began below the one that is so still.
    #[inline(always)]
    pub fn enter_below(&self, own: Current, parent_id: u64) -> Option<Before> {
        let before = Before { span_id: self.span_id.get(), bits: self.bits.get() };
        // No id is zero: below no span the trace would have to be set as well.
        if before.span_id != parent_id || parent_id == 0 {
            return None;
        }
        self.span_id.set(own.span_id);
        self.bits.set(own.bits);
        Some(before)
    }

    /// Writes a short text attribute that joins its span later, where nothing needs a thought.
    ///
    /// Returns `false`, and has done nothing, where something does: then [`Recorder::record_text`] knows
    /// better.
    #[inline(always)]
    pub fn record_short_text(&self, span_id: SpanId, key: KeyId, order: u8, text: &str) -> bool {
        self.writer.get().is_some_and(|writer| writer.record_short_text(span_id, key, order, text))
    }

    /// Leaves a span and writes it, complete, where nothing happened to it that needs a thought.
    ///
    /// Returns `false`, and has done nothing, where something did: then [`Recorder::leave`] and
    /// [`Recorder::end`] know better.
    #[inline(always)]
    pub fn finish(&self, span: &OpenSpan, before: Before) -> bool {
        let Some(room) = self.room(span, 0) else { return false };
        let words = span.write(room, self.ticks());
        self.publish(words, before);
        true
    }

    /// Returns room for a span whose times are coarse, and the present tick, where nothing happened to it
    /// that needs a thought; [`OpenSpan::write`] and [`Recorder::publish`] end it.
    ///
    /// Three steps, each small enough to be inlined where the recorder is reached by a closure.
    #[inline(always)]
    pub fn coarse_room(&self, span: &OpenSpan) -> Option<(Room<'r>, u64)> {
        Some((self.room(span, Current::IS_COARSE)?, self.clock().coarse_ticks()))
    }

    #[inline(always)]
    fn room(&self, span: &OpenSpan, coarse: u64) -> Option<Room<'r>> {
        let writer = self.writer.get()?;
        let words = SPAN_WORDS + span.words.len();
        // The same bits: nobody was told of it meanwhile, nor does it work for somebody else.
        let is_straight = span.is_plain(coarse)
            && self.span_id.get() == span.own.span_id
            && self.bits.get() == span.own.bits
            && !self.gaps.has_any()
            && writer.is_within(words);
        if is_straight { writer.run(words).map(Room) } else { None }
    }

    /// Publishes the words of a span and makes current what was before it.
    #[inline(always)]
    pub fn publish(&self, words: usize, before: Before) {
        self.span_id.set(before.span_id);
        self.bits.set(before.bits);
        if let Some(writer) = self.writer.get() {
            writer.publish(words);
        }
    }
}

/// Room for one span in a ring.
#[derive(Debug)]
pub struct Room<'r>(&'r [Slot]);

impl OpenSpan {
    /// Writes the span, complete, and returns how many words that were.
    #[inline(always)]
    pub fn write(&self, room: Room<'_>, end_ticks: u64) -> usize {
        let attributes = self.words.as_slice();
        let words = SPAN_WORDS + attributes.len();
        let mut grant = Grant::new(room.0);
        grant.put_span(|[head, start, end, id, parent, high, low]| {
            let [own_high, own_low] = &self.own.trace_id;
            store(head, self.head.to_word(attributes.len() / 2, words));
            store(start, self.start_ticks);
            store(end, end_ticks);
            store(id, self.own.span_id);
            store(parent, self.parent_id);
            store(high, *own_high);
            store(low, *own_low);
        });
        grant.put_attributes(attributes);
        words
    }
}
