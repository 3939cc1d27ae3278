//! A span under way: plain data on its caller's stack.
//!
//! Small functions inlined into the caller, and nothing that hands a reference to it around: then the
//! compiler keeps most of it in registers.

use crate::current::Current;
use crate::record::{Dropped, Written, attribute_header, scalar_word};
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
    pub(crate) callsite: Option<CallsiteId>,
    pub(crate) is_parent_remote: bool,
    attributes: u8,
    pub(crate) start_ticks: u64,
    pub(crate) parent_id: u64,
    pub(crate) own: Current,
    pub(crate) dropped: Dropped,
    pub(crate) words: Vec<u64, WORDS>,
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
            callsite,
            is_parent_remote: parent.bits & Current::IS_REMOTE != 0,
            attributes: BEFORE_CALL_SITE + 1,
            start_ticks,
            parent_id: parent.span_id,
            own: Current {
                trace_id: parent.trace_id,
                span_id: span_id.to_word(),
                bits: parent.bits & Current::INHERITED,
            },
            dropped: Dropped { attributes: 0, events: 0, links: 0 },
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
            callsite: None,
            is_parent_remote: false,
            attributes: BEFORE_CALL_SITE + 1,
            start_ticks: 0,
            parent_id: 0,
            own: Current::SUPPRESSED,
            dropped: Dropped { attributes: 0, events: 0, links: 0 },
            words: Vec::new(),
        }
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
        self.callsite
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
        self.callsite = Some(callsite);
    }

    /// Marks it as known outside its thread.
    #[inline(always)]
    pub fn mark_foreign(&mut self) {
        self.own = self.own.foreign();
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
        self.dropped.attributes = self.dropped.attributes.saturating_add(1);
    }

    /// Counts attributes its call site could not write.
    #[inline(always)]
    pub fn drop_attributes(&mut self, count: u16) {
        self.dropped.attributes = self.dropped.attributes.saturating_add(count);
    }

    /// Returns the place of the next attribute among those of its call site.
    #[inline(always)]
    pub fn next_order(&mut self) -> u8 {
        let order = self.attributes;
        self.attributes = order.saturating_add(1);
        order
    }

    /// Keeps a one-word attribute until the end; `false` when it takes more, or there is no room.
    #[inline(always)]
    pub fn keep(&mut self, key: KeyId, order: u8, value: Value<'_>) -> bool {
        match value {
            Value::Bool(_) | Value::I64(_) | Value::U64(_) | Value::F64(_) | Value::Interned(_) => {
                let written = Written { key, order, is_cut: false, value };
                let words = [attribute_header(&written), scalar_word(value)];
                self.words.extend_from_slice(&words).is_ok()
            }
            Value::Empty | Value::Text(_) | Value::Texts(_) => false,
        }
    }

    /// Tells whether it is recorded; else it only passes its ids on.
    #[inline(always)]
    pub fn is_recording(&self) -> bool {
        self.own.is_recorded()
    }
}
