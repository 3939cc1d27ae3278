//! What travels through a ring of the 32-bit profile: whole spans, and facts that join one by its id.
//!
//! A span names its trace by the id of the trace's root span. A slot that several traces use in turn
//! would take fewer bits, but then a lost context record would put spans into another trace; as it is,
//! what is lost with a context is only where the trace came from.

use super::{LocalId, Values};
use crate::{Outcome, SpanContext};

/// One record, borrowed from the words it was read from.
///
/// Ticks are the chip's own 32-bit count, which wraps. Call sites are numbers, zero for one that is not
/// listed.
///
/// ```
/// use exo_trace_core::compact::{LocalId, Record, Value32, Values};
///
/// let span = LocalId::new(1).expect("not zero");
/// let values = Values::of(&[Value32::Int(-40)]);
/// let event = Record::Event { site: 3, span, ticks: 99, values };
/// let mut room = [0; 8];
/// let words = event.encode(&mut room).expect("four words");
/// assert_eq!(words.len(), 4);
/// assert_eq!(Record::decode(words), Ok(event));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record<'a> {
    /// A whole span.
    Span {
        /// Where it was made.
        site: u16,
        /// Its own id.
        id: LocalId,
        /// Its parent; `None` for the root of a trace on this device.
        parent: Option<LocalId>,
        /// The root of its trace on this device: itself, where it has no parent.
        root: LocalId,
        /// When it began, in ticks.
        start: u32,
        /// When it ended, in ticks.
        end: u32,
        /// How many times 2³² ticks went by besides; 255 stands for more.
        laps: u8,
        /// How it ended.
        outcome: Outcome,
        /// How many values its call site could not say; 255 stands for more.
        dropped: u8,
        /// What its call site said.
        values: Values,
    },
    /// Something that happened inside a span.
    Event {
        /// What, and the keys of its values.
        site: u16,
        /// The span.
        span: LocalId,
        /// When, in ticks.
        ticks: u32,
        /// The circumstances.
        values: Values,
    },
    /// What is said of a span besides what its call site says.
    Attributes {
        /// The keys of the values.
        site: u16,
        /// The span.
        span: LocalId,
        /// What is said.
        values: Values,
    },
    /// Text said of a span.
    Text {
        /// The key: the first of this call site.
        site: u16,
        /// The span.
        span: LocalId,
        /// Whether there was more of it.
        is_cut: bool,
        /// The text.
        text: &'a str,
    },
    /// A span that another span points to.
    Link {
        /// The span that points.
        span: LocalId,
        /// The span it points to.
        to: Target,
    },
    /// Where a trace of this device comes from: its root is a child of a span elsewhere.
    Context {
        /// The root of the trace on this device.
        root: LocalId,
        /// Its parent.
        remote: SpanContext,
    },
}

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To a span of this device.
    Local(LocalId),
    /// To any span.
    Remote(SpanContext),
}
