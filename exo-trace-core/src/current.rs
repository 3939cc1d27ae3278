//! Which span is current: its ids, whether its children are recorded, and for whom they work; a value.
//!
//! Whoever makes a span current keeps the value that was there before and puts it back; there is no
//! stack to allocate and none to overflow.

use crate::gaps::Stage;
use crate::record::SpanBits;
use crate::{IdentityId, SpanContext, SpanId, TraceFlags, TraceId};

/// The current span of a thread, as small as it can be passed around.
///
/// A span id of zero means that there is none. Every field is made of words, so that it is read as it
/// was written: a wide load over narrow stores stalls for longer than the rest of a span takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current {
    pub(crate) trace_id: [u64; 2],
    pub(crate) span_id: u64,
    pub(crate) bits: u64,
}

impl Current {
    /// No span is current: the next one begins a trace.
    pub const NONE: Self = Self { trace_id: [0; 2], span_id: 0, bits: 0 };
    /// No span is current, and none shall begin: what runs below is the tracer's own work.
    pub const SUPPRESSED: Self = Self { bits: Self::IS_SUPPRESSED, ..Self::NONE };

    pub(crate) const IS_RECORDING: u64 = 1 << 8;
    pub(crate) const IS_FOREIGN: u64 = 1 << 9;
    const IS_SUPPRESSED: u64 = 1 << 10;
    /// As far from the flags of the trace as in the first word of a record: one shift takes both there.
    pub(crate) const IS_REMOTE: u64 = SpanBits::REMOTE >> SpanBits::FLAGS_AT;
    pub(crate) const BEGAN_IN_PANIC: u64 = 1 << 12;
    /// The span itself is recorded, whatever becomes of its children.
    pub(crate) const IS_MEASURED: u64 = 1 << 13;
    /// The ids are those of a root of this process that nobody records.
    pub(crate) const IS_UNSEEN: u64 = 1 << 14;
    /// Its times are coarse.
    pub(crate) const IS_COARSE: u64 = 1 << 15;
    /// What a child takes over: the flags of the trace among it, and for whom it works.
    pub(crate) const INHERITED: u64 =
        0xff | Self::IS_RECORDING | Self::IS_UNSEEN | IdentityId::MASK;

    /// Returns a span as the current one; whether its children are recorded is the sampled flag.
    pub const fn of(context: SpanContext) -> Self {
        let recording = if context.is_sampled() { Self::IS_RECORDING } else { 0 };
        let remote = if context.is_remote { Self::IS_REMOTE } else { 0 };
        Self {
            trace_id: context.trace_id.to_words(),
            span_id: context.span_id.to_word(),
            bits: context.flags.to_byte() as u64 | recording | remote,
        }
    }

    /// Returns it in words, for a call that has to leave it in registers.
    #[inline(always)]
    pub const fn to_words(self) -> [u64; 4] {
        let [high, low] = self.trace_id;
        [high, low, self.span_id, self.bits]
    }

    /// Returns what [`Current::to_words`] took apart.
    #[inline(always)]
    pub const fn from_words([high, low, span_id, bits]: [u64; 4]) -> Self {
        Self { trace_id: [high, low], span_id, bits }
    }

    /// Tells whether a child of it is recorded.
    #[inline(always)]
    pub const fn is_recording(&self) -> bool {
        self.bits & Self::IS_RECORDING != 0
    }

    /// Tells whether the span itself is recorded, whatever becomes of its children.
    #[inline(always)]
    pub const fn is_recorded(&self) -> bool {
        self.bits & (Self::IS_RECORDING | Self::IS_MEASURED) != 0
    }

    /// Tells whether it is recorded with its children, known on its thread alone, works for nobody in
    /// particular, and takes this much care of its times.
    #[inline(always)]
    pub(crate) const fn is_plain(&self, coarse: u64) -> bool {
        let mask = Self::IS_RECORDING | Self::IS_FOREIGN | Self::IS_COARSE | IdentityId::MASK;
        self.bits & mask == Self::IS_RECORDING | coarse
    }

    /// Tells whether it only passes its ids on: nothing plain is recorded below it, and nothing begins.
    #[inline(always)]
    pub const fn is_passing_on(&self) -> bool {
        const ELSE: u64 = Current::IS_RECORDING | Current::IS_MEASURED | Current::IS_SUPPRESSED;
        self.span_id != 0 && self.bits & ELSE == 0
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

    /// Tells whether it is the same span as `earlier`, and nothing was noted of it since.
    #[inline(always)]
    pub const fn is_still(&self, earlier: Self) -> bool {
        self.span_id == earlier.span_id && self.bits == earlier.bits
    }

    /// Returns the current span's id, if there is one.
    #[inline(always)]
    pub const fn span_id(&self) -> Option<SpanId> {
        SpanId::new(self.span_id)
    }

    /// Returns the current span's ids, if there is one.
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

    /// Returns for whom spans below it work.
    #[inline(always)]
    pub const fn identity(&self) -> Option<IdentityId> {
        IdentityId::of_bits(self.bits)
    }

    /// Returns the same span, working for somebody else below.
    #[must_use]
    pub const fn identified(self, identity: Option<IdentityId>) -> Self {
        Self { bits: IdentityId::put_into(identity, self.bits), ..self }
    }

    pub(crate) const fn stage(&self) -> Stage {
        Stage { span_id: self.span_id, identity: self.identity() }
    }

    /// Returns it as the parent of a span that is recorded: what nobody records is nobody's parent.
    pub(crate) const fn as_seen(self) -> Self {
        let is_unseen = self.bits & Self::IS_UNSEEN != 0;
        let span_id = if is_unseen { 0 } else { self.span_id };
        Self { span_id, bits: self.bits & !Self::IS_UNSEEN, ..self }
    }

    /// Returns what the first word of a child's record says of it.
    #[inline(always)]
    pub(crate) const fn head_bits(&self) -> u64 {
        (self.bits & (0xff | Self::IS_REMOTE)) << SpanBits::FLAGS_AT
    }

    pub(crate) const fn flags(&self) -> TraceFlags {
        TraceFlags::new(self.bits as u8)
    }
}

/// What was current before a span was entered: a span of the same trace, or none.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    pub(crate) span_id: u64,
    pub(crate) bits: u64,
}

impl Before {
    /// Nothing was current.
    pub const NONE: Self = Self { span_id: 0, bits: 0 };

    pub(crate) const fn in_trace(self, trace_id: [u64; 2]) -> Current {
        Current { trace_id, span_id: self.span_id, bits: self.bits }
    }
}
