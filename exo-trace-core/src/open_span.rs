//! A span under way: plain data on its caller's stack.
//!
//! Small functions inlined into the caller, and nothing that hands a reference to it around: then the
//! compiler keeps most of it in registers.

use crate::current::Current;
use crate::record::SpanHead;
use crate::said::{Said, one_word_attribute};
use crate::{CallsiteId, KeyId, SpanContext, SpanId, Value};
use heapless::Vec;

/// How many words of attributes a span keeps on the stack: eight one-word attributes.
pub const ATTRIBUTE_WORDS_MAX: usize = 16;

/// The place of what is said of a span before its call site says anything.
pub const BEFORE_CALL_SITE: u8 = 0;

/// A span that has begun: what it will say at its end, on its caller's stack.
///
/// One that keeps no attributes (`OpenSpan<0>`) is a few words that move from hand to hand.
#[derive(Debug)]
pub struct OpenSpan<const WORDS: usize = ATTRIBUTE_WORDS_MAX> {
    /// What the first word of its record says from the beginning.
    pub(crate) head: SpanHead,
    order: u8,
    pub(crate) start_ticks: u64,
    pub(crate) parent_id: u64,
    pub(crate) own: Current,
    /// How many attributes its call site could not write.
    pub(crate) dropped: u16,
    pub(crate) words: Vec<u64, WORDS>,
}

impl OpenSpan {
    /// Returns a span that says nothing yet as one that is a few words.
    #[inline(always)]
    pub fn without_room(&self) -> OpenSpan<0> {
        self.resized()
    }
}

impl OpenSpan<0> {
    /// Returns it with room for attributes.
    #[inline(always)]
    pub fn with_room(&self) -> OpenSpan {
        self.resized()
    }
}

impl<const WORDS: usize> OpenSpan<WORDS> {
    /// Begins a child of `parent`, made of what [`Recorder::start`](crate::Recorder::start) puts together; for callers whose
    /// clock and ids are not in one place.
    #[inline(always)]
    pub fn begin(
        callsite: Option<CallsiteId>,
        parent: Current,
        span_id: SpanId,
        start_ticks: u64,
    ) -> Self {
        Self {
            head: SpanHead::new(callsite, parent),
            order: BEFORE_CALL_SITE + 1,
            start_ticks,
            parent_id: parent.span_id,
            own: Current {
                trace_id: parent.trace_id,
                span_id: span_id.to_word(),
                bits: parent.bits & Current::INHERITED,
            },
            dropped: 0,
            words: Vec::new(),
        }
    }

    /// As [`OpenSpan::begin`], for a span that is recorded even where its trace is not sampled: its
    /// record says so by the flags of the trace.
    ///
    /// Plain spans below it are still not recorded. The root of the trace, where it is a plain span
    /// that nobody records, is not its parent: then it has none.
    #[inline(always)]
    pub fn begin_measured(
        callsite: Option<CallsiteId>,
        parent: Current,
        span_id: SpanId,
        start_ticks: u64,
    ) -> Self {
        let mut open = Self::begin(callsite, parent.as_seen(), span_id, start_ticks);
        open.own.bits |= Current::IS_MEASURED;
        open
    }

    /// Returns what stands for a span where none may begin: it is not recorded and has no ids, and
    /// inside it none begins either.
    #[inline(always)]
    pub fn suppressed() -> Self {
        Self {
            head: SpanHead::new(None, Current::SUPPRESSED),
            order: BEFORE_CALL_SITE + 1,
            start_ticks: 0,
            parent_id: 0,
            own: Current::SUPPRESSED,
            dropped: 0,
            words: Vec::new(),
        }
    }

    /// Returns it with room for other attributes than it has, which are none yet.
    #[inline(always)]
    pub(crate) fn resized<const OTHER: usize>(&self) -> OpenSpan<OTHER> {
        let Self { head, start_ticks, parent_id, own, dropped, .. } = *self;
        // A constant, so that the compiler knows the order of all attributes that follow.
        let (order, words) = (BEFORE_CALL_SITE + 1, Vec::new());
        OpenSpan { head, order, start_ticks, parent_id, own, dropped, words }
    }

    /// Returns the span as the current one of whoever works inside it.
    #[inline(always)]
    pub fn as_current(&self) -> Current {
        self.own
    }

    /// Returns its identity.
    pub fn span_context(&self) -> Option<SpanContext> {
        self.own.span_context()
    }

    /// Returns its id.
    #[inline(always)]
    pub fn span_id(&self) -> Option<SpanId> {
        SpanId::new(self.own.span_id)
    }

    /// Returns where it began.
    #[inline(always)]
    pub fn callsite(&self) -> Option<CallsiteId> {
        self.head.callsite()
    }

    /// Returns its parent's id, zero for the root of a trace.
    #[inline(always)]
    pub fn parent_word(&self) -> u64 {
        self.parent_id
    }

    /// Returns when it began, in ticks.
    #[inline(always)]
    pub fn start_ticks(&self) -> u64 {
        self.start_ticks
    }

    /// Begins later than it was made: at the first poll of a stream, say.
    #[inline(always)]
    pub fn restart(&mut self, ticks: u64) {
        self.start_ticks = ticks;
    }

    /// Moves it to another call site, of the same place in the source: what is constant about it turns
    /// out late.
    pub fn relocate(&mut self, callsite: CallsiteId) {
        self.head = self.head.at(callsite);
    }

    /// Marks it as known outside its thread.
    #[inline(always)]
    pub fn mark_foreign(&mut self) {
        self.own = self.own.foreign();
    }

    /// Lets its times be coarse: see [`Clock::coarse_ticks`](crate::Clock::coarse_ticks).
    #[inline(always)]
    pub fn mark_coarse(&mut self) {
        self.own.bits |= Current::IS_COARSE;
    }

    /// Tells whether its times are coarse.
    #[inline(always)]
    pub fn is_coarse(&self) -> bool {
        self.own.bits & Current::IS_COARSE != 0
    }

    /// Marks it as begun while its thread was panicking: in a destructor that a panic runs.
    #[inline(always)]
    pub fn mark_in_panic(&mut self) {
        self.own.bits |= Current::BEGAN_IN_PANIC;
    }

    /// Tells whether it began while its thread was panicking, so that the panic is not its own.
    #[inline(always)]
    pub fn began_in_panic(&self) -> bool {
        self.own.bits & Current::BEGAN_IN_PANIC != 0
    }

    /// Counts an attribute its call site could not write.
    #[inline(always)]
    pub fn drop_attribute(&mut self) {
        self.dropped = self.dropped.saturating_add(1);
    }

    /// Counts attributes its call site could not write.
    #[inline(always)]
    pub fn drop_attributes(&mut self, count: u16) {
        self.dropped = self.dropped.saturating_add(count);
    }

    /// Returns the order of the next attribute among those of its call site.
    #[inline(always)]
    pub fn next_order(&mut self) -> u8 {
        let order = self.order;
        self.order = order.saturating_add(1);
        order
    }

    /// Keeps a one-word attribute until the end; `false` when it takes more, or there is no room.
    #[inline(always)]
    pub fn keep(&mut self, key: KeyId, order: u8, value: Value<'_>) -> bool {
        let words = one_word_attribute(key, order, value);
        words.is_some_and(|words| self.words.extend_from_slice(&words).is_ok())
    }

    /// Keeps the first `len` words of what its call site says of it, as far as there is room.
    #[inline(always)]
    pub fn say<const SAID: usize>(&mut self, said: &Said<SAID>, len: usize) {
        if len == ATTRIBUTE_WORDS_MAX
            && let Some(all) = said.first(len).first_chunk::<ATTRIBUTE_WORDS_MAX>()
        {
            // Word by word: so many in one go would be copied as memory that was not written yet.
            self.words = Vec::from_array(*all);
        } else {
            // A call site says no more than there is room for, and before anybody else.
            let _ = self.words.extend_from_slice(said.first(len));
        }
    }

    /// Tells whether it is recorded, works for nobody in particular, lost nothing, and takes this much care
    /// of its times.
    #[inline(always)]
    pub(crate) fn is_plain(&self, coarse: u64) -> bool {
        self.own.is_plain(coarse) & (self.dropped == 0)
    }

    /// Tells whether it is recorded; else it only passes its ids on.
    #[inline(always)]
    pub fn is_recording(&self) -> bool {
        self.own.is_recorded()
    }
}
