//! One thread's pen: clock, ids, the current span, and the ring that finished spans go to.
//!
//! A span under way is plain data on its caller's stack ([`OpenSpan`]); the recorder starts it, ends
//! it, and keeps which span is current. It can be built before it has a ring, so that it fits a
//! constant thread-local; without one, spans end in a count.

use crate::current::{Before, Current};
use crate::gaps::Gaps;
use crate::open_span::OpenSpan;
use crate::record::Record;
use crate::refusal::Full;
use crate::ring::Writer;
use crate::{CallsiteId, Clock, Gathered, IdGenerator, KeyId, Slot, SpanId, TraceFlags, TraceId};
use core::cell::{Cell, OnceCell};
use core::fmt;

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
    pub(crate) writer: OnceCell<Writer<'r, S, W>>,
    clock: C,
    pub(crate) trace_id: [Cell<u64>; 2],
    pub(crate) span_id: Cell<u64>,
    // Between two words that are saved together, so that nobody reads both with one wide load: they
    // were written one by one, and such a load has to wait until both are in the cache.
    ids: IdGenerator,
    pub(crate) bits: Cell<u64>,
    pub(crate) gaps: Gaps,
}

impl<'r, S: AsRef<[Slot]>, C: Clock, W: Fn()> Recorder<'r, S, C, W> {
    /// Returns a recorder without a ring.
    pub const fn new(clock: C) -> Self {
        Self {
            writer: OnceCell::new(),
            clock,
            ids: IdGenerator::new(0),
            trace_id: [const { Cell::new(0) }; 2],
            span_id: Cell::new(0),
            bits: Cell::new(0),
            gaps: Gaps::new(),
        }
    }

    /// Gives it a ring and a seed for its ids.
    ///
    /// # Errors
    ///
    /// Gives the writer back when there was one already.
    pub fn lend(&self, writer: Writer<'r, S, W>, seed: u64) -> Result<(), Writer<'r, S, W>> {
        self.writer.set(writer)?;
        self.ids.seed(seed);
        Ok(())
    }

    /// Starts its ids from another seed: in a forked child, which would repeat its parent's.
    pub fn reseed(&self, seed: u64) {
        self.ids.seed(seed);
    }

    /// Returns the writer of its ring, if it has one.
    #[inline(always)]
    pub fn writer(&self) -> Option<&Writer<'r, S, W>> {
        self.writer.get()
    }

    /// Returns its clock.
    pub fn clock(&self) -> &C {
        &self.clock
    }

    /// Returns the present tick.
    #[inline(always)]
    pub fn ticks(&self) -> u64 {
        self.clock.ticks()
    }

    /// Returns the present tick, as exactly as `span` wants it. A coarse one may have begun on another
    /// thread, by a clock that was read since: it is never from before that.
    #[inline(always)]
    pub fn ticks_of<const WORDS: usize>(&self, span: &OpenSpan<WORDS>) -> u64 {
        if span.is_coarse() {
            self.clock.coarse_ticks().max(span.start_ticks)
        } else {
            self.clock.ticks()
        }
    }

    /// Returns the current span.
    #[inline(always)]
    pub fn current(&self) -> Current {
        let [high, low] = &self.trace_id;
        Current {
            trace_id: [high.get(), low.get()],
            span_id: self.span_id.get(),
            bits: self.bits.get(),
        }
    }

    /// Makes another span current and returns the one that was.
    #[inline(always)]
    pub fn replace_current(&self, current: Current) -> Current {
        let before = self.current();
        let ([high, low], [new_high, new_low]) = (&self.trace_id, current.trace_id);
        high.set(new_high);
        low.set(new_low);
        self.span_id.set(current.span_id);
        self.bits.set(current.bits);
        before
    }

    /// Draws the id of a new trace, for a sampler to look at.
    pub fn trace_id(&self) -> TraceId {
        self.trace_id_at(self.ticks())
    }

    /// Draws the id of a trace that begins at `ticks`.
    pub fn trace_id_at(&self, ticks: u64) -> TraceId {
        self.ids.trace_id(ticks)
    }

    /// Returns the parent of a root span: a new trace, and no span in it yet.
    pub fn root(&self, is_sampled: bool) -> Current {
        self.root_of(self.trace_id(), is_sampled)
    }

    /// Returns the parent of the root span of `trace_id`.
    pub fn root_of(&self, trace_id: TraceId, is_sampled: bool) -> Current {
        let sampled = if is_sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
        let recording = if is_sampled { Current::IS_RECORDING } else { Current::IS_UNSEEN };
        Current {
            trace_id: trace_id.to_words(),
            span_id: 0,
            bits: u64::from(TraceFlags::RANDOM.with(sampled).to_byte()) | recording,
        }
    }

    /// Begins a child of `parent`: one clock read and one id. It is not current yet.
    #[inline(always)]
    pub fn start(&self, callsite: Option<CallsiteId>, parent: Current) -> OpenSpan {
        let start_ticks = self.clock.ticks();
        OpenSpan::begin(callsite, parent, self.span_id(start_ticks), start_ticks)
    }

    /// As [`Recorder::start`], for a span that is recorded even where its trace is not sampled.
    #[inline(always)]
    pub fn start_measured(&self, callsite: Option<CallsiteId>, parent: Current) -> OpenSpan {
        let start_ticks = self.clock.ticks();
        OpenSpan::begin_measured(callsite, parent, self.span_id(start_ticks), start_ticks)
    }

    /// Draws the id of a span that begins at `start_ticks`.
    #[inline(always)]
    pub fn span_id(&self, start_ticks: u64) -> SpanId {
        self.ids.span_id(start_ticks)
    }

    /// Makes a span current that began as a child of the current one, or as a root where none is.
    ///
    /// Returns `None`, and changes nothing, when a span of another trace has become current since.
    #[inline(always)]
    pub fn enter(&self, own: Current) -> Option<Before> {
        let ([high, low], [own_high, own_low]) = (&self.trace_id, own.trace_id);
        let before = Before { span_id: self.span_id.get(), bits: self.bits.get() };
        // A child has its parent's trace, which is there already.
        if before.span_id == 0 {
            high.set(own_high);
            low.set(own_low);
        } else if high.get() != own_high || low.get() != own_low {
            return None;
        }
        self.span_id.set(own.span_id);
        self.bits.set(own.bits);
        Some(before)
    }

    /// Makes current what was current before, or what is left of it.
    ///
    /// Unlike [`Recorder::replace_current`] it steps over spans that left meanwhile.
    #[inline(always)]
    pub fn put_back(&self, before: Current) -> Current {
        if self.gaps.has_any() {
            let Current { trace_id: [high, low], span_id, bits } = before;
            return self.put_back_past_gaps(high, low, span_id, bits);
        }
        self.replace_current(before)
    }

    /// Word by word, so that the common way need not have them together in memory.
    #[cold]
    #[inline(never)]
    fn put_back_past_gaps(&self, high: u64, low: u64, span_id: u64, bits: u64) -> Current {
        self.replace_current(self.gaps.step(Current { trace_id: [high, low], span_id, bits }))
    }

    /// Ends the time in which the span is current and learns what happened to it meanwhile.
    ///
    /// Returns `false` when another span is current: somebody left out of order. Then the newer span
    /// stays current, and when it leaves, what was current before this one follows.
    #[inline(always)]
    pub fn leave(&self, span: &mut OpenSpan, before: Before) -> bool {
        let is_current = self.span_id.get() == span.own.span_id;
        if !is_current || self.gaps.has_any() {
            // Whether its context left the thread is noted where only a newer span sees it.
            span.own.bits |= if is_current {
                self.bits.get() & Current::IS_FOREIGN
            } else {
                Current::IS_FOREIGN
            };
            return self.leave_out_of_order(span.own.span_id, before.in_trace(span.own.trace_id));
        }
        span.own.bits |= self.bits.get() & Current::IS_FOREIGN;
        self.span_id.set(before.span_id);
        self.bits.set(before.bits);
        true
    }

    /// As [`Recorder::leave`], for a span that [`Recorder::replace_current`] made current: what was before
    /// may be of another trace.
    ///
    /// Returns `false` when another span is current.
    #[cold]
    #[inline(never)]
    pub fn leave_to(&self, span: &mut OpenSpan, before: Current) -> bool {
        let is_current = self.span_id.get() == span.own.span_id;
        let seen = if is_current { self.bits.get() } else { Current::IS_FOREIGN };
        span.own.bits |= seen & Current::IS_FOREIGN;
        self.leave_out_of_order(span.own.span_id, before)
    }

    /// Leaves a span when another one is current, or when others left before their time.
    #[cold]
    #[inline(never)]
    pub(crate) fn leave_out_of_order(&self, own_id: u64, before: Current) -> bool {
        let is_current = self.span_id.get() == own_id;
        self.gaps.end_identities_in(own_id);
        if is_current {
            self.put_back(before);
        } else {
            self.gaps.note(own_id, before);
        }
        is_current
    }

    /// Writes a text attribute that joins its span later.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] when the ring refused it, or there is none.
    #[inline]
    pub fn record_text(
        &self,
        span_id: SpanId,
        key: KeyId,
        order: u8,
        is_cut: bool,
        text: &str,
    ) -> Result<(), Full> {
        self.writer.get().ok_or(Full)?.record_text(span_id, key, order, is_cut, text)
    }

    /// Writes attributes that join their span later.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] when the ring refused them, or there is none.
    #[inline(always)]
    pub fn record_gathered(&self, span_id: SpanId, gathered: &Gathered) -> Result<(), Full> {
        self.writer.get().ok_or(Full)?.record_gathered(span_id, gathered)
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
        f.debug_struct("Recorder").field("span_id", &self.span_id.get()).finish_non_exhaustive()
    }
}
