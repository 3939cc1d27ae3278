//! What identifies a span to the rest of the world: the part that crosses a process boundary.

use crate::{SpanId, TraceId};

/// The flags byte of a trace, as W3C Trace Context defines it.
///
/// Unknown bits are kept as they came, never interpreted and never sent on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TraceFlags(u8);

impl TraceFlags {
    /// The trace is recorded somewhere.
    pub const SAMPLED: Self = Self(0x01);
    /// The low 56 bits of the trace id are random.
    pub const RANDOM: Self = Self(0x02);

    /// Returns the flags with this byte.
    pub const fn new(byte: u8) -> Self {
        Self(byte)
    }

    /// Returns the byte, bits without a meaning included.
    pub const fn to_byte(self) -> u8 {
        self.0
    }

    /// Returns the flags of both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Tells whether the trace is sampled.
    pub const fn is_sampled(self) -> bool {
        self.0 & Self::SAMPLED.0 != 0
    }

    /// Tells whether the trace id is random, so that ratio sampling may use it.
    pub const fn is_random(self) -> bool {
        self.0 & Self::RANDOM.0 != 0
    }
}

/// The identity of a span: what a child, a link or another process needs to know of it.
///
/// ```
/// use exo_trace_core::{SpanContext, SpanId, TraceFlags, TraceId};
///
/// let context = SpanContext {
///     trace_id: TraceId::new(0xab).expect("not zero"),
///     span_id: SpanId::new(0xcd).expect("not zero"),
///     flags: TraceFlags::SAMPLED,
///     is_remote: false,
/// };
/// assert_eq!(context.to_traceparent().as_str(), "00-000000000000000000000000000000ab-00000000000000cd-01");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpanContext {
    /// The trace the span belongs to.
    pub trace_id: TraceId,
    /// The span itself.
    pub span_id: SpanId,
    /// Whether the trace is sampled, and how its id was made.
    pub flags: TraceFlags,
    /// Whether the context came from another process.
    pub is_remote: bool,
}

impl SpanContext {
    /// Tells whether the trace is sampled.
    pub const fn is_sampled(&self) -> bool {
        self.flags.is_sampled()
    }
}
