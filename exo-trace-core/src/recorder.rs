//! One thread's pen: clock, ids, the current span, and the ring that finished spans go to.
//!
//! A span under way is plain data on its caller's stack ([`OpenSpan`]); the recorder starts it, ends
//! it, and keeps which span is current. It can be built before it has a ring, so that it fits a
//! constant thread-local; without one, spans end in a count.

use crate::record::{
    Dropped, Kind, Outcome, Record, SPAN_WORDS, SpanBits, Written, attribute_header, header,
    scalar_word,
};
use crate::ring::{Full, Writer};
use crate::{CallsiteId, Clock, IdGenerator, KeyId, Slot, SpanContext, SpanId};
use crate::{TraceFlags, TraceId, Value};
use core::cell::{Cell, OnceCell};
use core::fmt;
use heapless::Vec;

/// How many words of attributes a span keeps on the stack: eight one-word attributes.
pub const ATTRIBUTE_WORDS_MAX: usize = 16;

/// The current span of a thread, as small as it can be passed around.
///
/// A span id of zero means that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current {
    trace_id: [u64; 2],
    span_id: u64,
    bits: u32,
    depth: u32,
}

impl Current {
    /// No span is current: the next one begins a trace.
    pub const NONE: Self = Self { trace_id: [0; 2], span_id: 0, bits: 0, depth: 0 };
    /// No span is current, and none shall begin: what runs below is the tracer's own work.
    pub const SUPPRESSED: Self = Self { bits: Self::IS_SUPPRESSED, ..Self::NONE };

    const IS_RECORDING: u32 = 1 << 8;
    const IS_FOREIGN: u32 = 1 << 9;
    const IS_REMOTE: u32 = 1 << 10;
    const IS_SUPPRESSED: u32 = 1 << 11;
    const IS_UNWINDING: u32 = 1 << 12;

    /// Returns a span as the current one; whether its children are recorded is the sampled flag.
    pub const fn of(context: SpanContext) -> Self {
        let recording = if context.is_sampled() { Self::IS_RECORDING } else { 0 };
        let remote = if context.is_remote { Self::IS_REMOTE } else { 0 };
        Self {
            trace_id: context.trace_id.to_words(),
            span_id: context.span_id.to_word(),
            bits: context.flags.to_byte() as u32 | recording | remote,
            depth: 0,
        }
    }

    /// Tells whether a child of it is recorded.
    #[inline(always)]
    pub const fn is_recording(&self) -> bool {
        self.bits & Self::IS_RECORDING != 0
    }

    /// Tells whether there is no current span and one may begin.
    #[inline(always)]
    pub const fn is_none(&self) -> bool {
        self.span_id == 0 && self.bits & Self::IS_SUPPRESSED == 0
    }

    /// Tells whether spans are switched off below here.
    pub const fn is_suppressed(&self) -> bool {
        self.bits & Self::IS_SUPPRESSED != 0
    }

    /// Returns the current span's identity, if there is one.
    pub fn span_context(&self) -> Option<SpanContext> {
        Some(SpanContext {
            trace_id: TraceId::from_words(self.trace_id)?,
            span_id: SpanId::new(self.span_id)?,
            flags: self.flags(),
            is_remote: self.bits & Self::IS_REMOTE != 0,
        })
    }

    /// Returns the same span, marked as known outside its thread.
    #[must_use]
    pub const fn foreign(self) -> Self {
        Self { bits: self.bits | Self::IS_FOREIGN, ..self }
    }

    /// Tells whether the span is known outside its thread.
    pub const fn is_foreign(&self) -> bool {
        self.bits & Self::IS_FOREIGN != 0
    }

    const fn is_unwinding(&self) -> bool {
        self.bits & Self::IS_UNWINDING != 0
    }

    const fn flags(&self) -> TraceFlags {
        TraceFlags::new(self.bits as u8)
    }
}

/// A span that has begun: what it will say at its end, on its caller's stack.
#[derive(Debug)]
pub struct OpenSpan {
    callsite: Option<CallsiteId>,
    start_ticks: u64,
    own: Current,
    parent: Current,
    words: Vec<u64, ATTRIBUTE_WORDS_MAX>,
    attributes: u8,
    dropped: Dropped,
}

impl OpenSpan {
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

    /// Returns when it began, in ticks.
    pub fn start_ticks(&self) -> u64 {
        self.start_ticks
    }

    /// Begins later than it was made: at the first poll of a stream, say.
    pub fn restart(&mut self, ticks: u64) {
        self.start_ticks = ticks;
    }

    /// Marks it as known outside its thread.
    pub fn mark_foreign(&mut self) {
        self.own = self.own.foreign();
    }

    /// Counts an attribute its call site could not write.
    #[cold]
    pub fn drop_attribute(&mut self) {
        self.dropped.attributes = self.dropped.attributes.saturating_add(1);
    }

    /// Counts an event its call site could not write.
    #[cold]
    pub fn drop_event(&mut self) {
        self.dropped.events = self.dropped.events.saturating_add(1);
    }

    /// Counts a link its call site could not write.
    #[cold]
    pub fn drop_link(&mut self) {
        self.dropped.links = self.dropped.links.saturating_add(1);
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
        self.own.is_recording()
    }
}

/// A thread's (or an interrupt priority's) pen.
///
/// ```
/// use core::cell::Cell;
/// use exo_trace_core::{Clock, Current, Outcome, Record, Recorder, Ring, Slot};
///
/// struct Steps(Cell<u64>);
/// impl Clock for Steps {
///     fn ticks(&self) -> u64 {
///         self.0.replace(self.0.get() + 1)
///     }
/// }
///
/// static RING: Ring<[Slot; 64]> = Ring::new();
/// let recorder = Recorder::new(Steps(Cell::new(0)));
/// recorder.lend(RING.writer(|| {}), 42).expect("it had no ring yet");
///
/// let span = recorder.start(None, recorder.root(true));
/// recorder.end(&span, Outcome::Ended).expect("an empty ring has room");
///
/// let mut words = [0; 64];
/// let read = RING.reader().read(&mut words);
/// let Ok(Record::Span(record)) = Record::decode(&words[..read]) else { panic!("a span") };
/// assert_eq!((record.parent_id, record.end_ticks - record.start_ticks), (None, 1));
/// ```
pub struct Recorder<'r, S, C, W> {
    writer: OnceCell<Writer<'r, S, W>>,
    clock: C,
    ids: IdGenerator,
    current: Cell<Current>,
    /// The lowest span that left out of order, by depth, and what was current before it.
    unwinding: Cell<(u32, Current)>,
}

impl<'r, S: AsRef<[Slot]>, C: Clock, W: Fn()> Recorder<'r, S, C, W> {
    /// Returns a recorder without a ring.
    pub const fn new(clock: C) -> Self {
        Self {
            writer: OnceCell::new(),
            clock,
            ids: IdGenerator::new(0),
            current: Cell::new(Current::NONE),
            unwinding: Cell::new((0, Current::NONE)),
        }
    }

    /// Gives it a ring and a seed for its ids.
    ///
    /// # Errors
    ///
    /// Gives the writer back when there was one already.
    pub fn lend(&self, writer: Writer<'r, S, W>, seed: u64) -> Result<(), Writer<'r, S, W>> {
        self.ids.seed(seed);
        self.writer.set(writer)
    }

    /// Returns the writer of its ring, if it has one.
    #[inline(always)]
    pub fn writer(&self) -> Option<&Writer<'r, S, W>> {
        self.writer.get()
    }

    /// Returns the present tick.
    #[inline(always)]
    pub fn ticks(&self) -> u64 {
        self.clock.ticks()
    }

    /// Returns the current span.
    #[inline(always)]
    pub fn current(&self) -> Current {
        self.current.get()
    }

    /// Makes another span current and returns the one that was.
    #[inline(always)]
    pub fn replace_current(&self, current: Current) -> Current {
        self.current.replace(current)
    }

    /// Draws the id of a new trace, for a sampler to look at.
    pub fn trace_id(&self) -> TraceId {
        self.ids.trace_id(self.ticks())
    }

    /// Returns the parent of a root span: a new trace, and no span in it yet.
    pub fn root(&self, is_sampled: bool) -> Current {
        self.root_of(self.trace_id(), is_sampled)
    }

    /// Returns the parent of the root span of `trace_id`.
    pub fn root_of(&self, trace_id: TraceId, is_sampled: bool) -> Current {
        let sampled = if is_sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
        let recording = if is_sampled { Current::IS_RECORDING } else { 0 };
        Current {
            trace_id: trace_id.to_words(),
            span_id: 0,
            bits: u32::from(TraceFlags::RANDOM.with(sampled).to_byte()) | recording,
            depth: 0,
        }
    }

    /// Begins a child of `parent`: one clock read and one id. It is not current yet.
    #[inline(always)]
    pub fn start(&self, callsite: Option<CallsiteId>, parent: Current) -> OpenSpan {
        let start_ticks = self.clock.ticks();
        OpenSpan {
            callsite,
            start_ticks,
            own: Current {
                trace_id: parent.trace_id,
                span_id: self.ids.span_id(start_ticks).to_word(),
                bits: parent.bits & (0xff | Current::IS_RECORDING),
                depth: parent.depth.wrapping_add(1),
            },
            parent,
            words: Vec::new(),
            attributes: 0,
            dropped: Dropped { attributes: 0, events: 0, links: 0 },
        }
    }

    /// Makes the span current.
    #[inline(always)]
    pub fn enter(&self, span: &OpenSpan) {
        self.current.set(span.own);
    }

    /// Ends the time in which the span is current and learns what happened to it meanwhile.
    ///
    /// Returns `false` when another span is current: somebody left out of order. Then the newer span
    /// stays current, and when it leaves, this one's parent follows.
    #[inline(always)]
    pub fn leave(&self, span: &mut OpenSpan, before: Current) -> bool {
        let current = self.current.get();
        if current.span_id != span.own.span_id {
            return self.leave_out_of_order(span, before, current);
        }
        span.own.bits |= current.bits & Current::IS_FOREIGN;
        self.current.set(before);
        if current.is_unwinding() {
            self.unwind(before);
        }
        true
    }

    #[cold]
    #[inline(never)]
    fn leave_out_of_order(&self, span: &OpenSpan, before: Current, current: Current) -> bool {
        if current.depth > span.own.depth {
            let pending = self.unwinding.get();
            let is_older = current.is_unwinding() && pending.0 < span.own.depth;
            if !is_older {
                self.unwinding.set((span.own.depth, before));
            }
            self.current.set(Current { bits: current.bits | Current::IS_UNWINDING, ..current });
        }
        false
    }

    /// Steps over the spans below that left before their time.
    #[cold]
    #[inline(never)]
    fn unwind(&self, before: Current) {
        let (depth, below) = self.unwinding.get();
        let is_gone = before.depth >= depth;
        let still = Current { bits: before.bits | Current::IS_UNWINDING, ..before };
        self.current.set(if is_gone { below } else { still });
    }

    /// Writes the span, complete, with the present tick as its end.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] when the ring refused it, or there is none.
    #[inline(always)]
    pub fn end(&self, span: &OpenSpan, outcome: Outcome) -> Result<(), Full> {
        self.end_at(span, outcome, self.clock.ticks())
    }

    /// Writes the span, complete, with its end at `end_ticks`.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] when the ring refused it, or there is none.
    #[inline(always)]
    pub fn end_at(&self, span: &OpenSpan, outcome: Outcome, end_ticks: u64) -> Result<(), Full> {
        let writer = self.writer.get().ok_or(Full)?;
        let has_dropped = span.dropped != Dropped::default();
        let words = SPAN_WORDS + usize::from(has_dropped) + span.words.len();
        let own = span.own;
        let foreign = if own.is_foreign() { SpanBits::FOREIGN } else { 0 };
        let remote = if span.parent.bits & Current::IS_REMOTE != 0 { SpanBits::REMOTE } else { 0 };
        let dropped = if has_dropped { SpanBits::DROPPED } else { 0 };
        let bits = SpanBits::callsite(span.callsite)
            | SpanBits::flags(own.flags())
            | SpanBits::outcome(outcome);
        let [high, low] = own.trace_id;
        let fixed = [
            header(Kind::Span, span.words.len() / 2, words) | bits | foreign | remote | dropped,
            span.start_ticks,
            end_ticks,
            own.span_id,
            span.parent.span_id,
            high,
            low,
        ];
        writer.reserve(words, |grant| {
            grant.put_all(&fixed);
            if has_dropped {
                grant.put(span.dropped.to_word());
            }
            grant.put_all(&span.words);
        })
    }

    /// Writes a fact that joins its span later.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] when the ring refused it, or there is none.
    pub fn record(&self, record: &Record<'_>) -> Result<(), Full> {
        self.writer.get().ok_or(Full)?.record(record)
    }
}

impl<S, C, W> fmt::Debug for Recorder<'_, S, C, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("current", &self.current.get()).finish_non_exhaustive()
    }
}
