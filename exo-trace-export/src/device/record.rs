//! What a board said, as a host understands it: whole ids, whole ticks, names instead of numbers.

use exo_trace_core::compact::{Value32, Values};
use exo_trace_core::{Outcome, SpanContext, SpanId, SpanKind, TraceFlags, TraceId, Value};
use std::sync::Arc;

/// One thing that came out of a board's stream, in the order in which it became clear.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Heard {
    /// A boot that was not known: whatever comes after it belongs to it.
    Boot(Arc<DeviceBoot>),
    /// A boot of this version of the stream, which is not read here; said once.
    VersionUnread(u8),
    /// What the board's clock says, as close to its sending as the board could.
    Anchor(DeviceAnchor),
    /// A span, or a fact of one.
    Record(DeviceRecord),
}

/// One boot of one board.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceBoot {
    /// What its ids are made with.
    pub seed: u64,
    /// How many ticks its clock makes in a second; never zero.
    pub ticks_per_second: u32,
    /// What it says of itself: `device.id` and the like.
    pub resource: Vec<(Box<str>, Box<str>)>,
    /// Whether it had more to say of itself than a frame holds.
    pub is_cut: bool,
}

/// What a board's clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceAnchor {
    /// The clock, extended to 64 bits: ticks since boot.
    pub ticks: u64,
    /// A tick count and the nanoseconds since the Unix epoch then, where the board knows them.
    pub unix: Option<(u64, u64)>,
}

/// A call site of a board.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DeviceSite {
    /// Its number within its boot; zero for one that the board did not list.
    pub number: u16,
    /// The span's or event's name.
    pub name: Box<str>,
    /// The span's kind.
    pub kind: SpanKind,
    /// The keys of its values, each at its value's place.
    pub keys: Vec<Box<str>>,
}

/// A span of a board, or a fact of one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DeviceRecord {
    /// A whole span.
    Span(DeviceSpan),
    /// Something that happened inside a span.
    Event {
        /// What, and the keys of its values.
        site: Arc<DeviceSite>,
        /// The span.
        span_id: SpanId,
        /// When, in ticks since boot.
        ticks: u64,
        /// The circumstances.
        values: Values,
    },
    /// Numbers said of a span.
    Attributes {
        /// The keys of the values.
        site: Arc<DeviceSite>,
        /// The span.
        span_id: SpanId,
        /// What is said.
        values: Values,
    },
    /// A text said of a span.
    Text {
        /// The key: the first of this call site.
        site: Arc<DeviceSite>,
        /// The span.
        span_id: SpanId,
        /// Whether there was more of it.
        is_cut: bool,
        /// The text.
        text: Box<str>,
    },
    /// A span that another span points to.
    Link {
        /// The span that points.
        span_id: SpanId,
        /// The span it points to.
        context: SpanContext,
    },
}

/// A whole span of a board.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DeviceSpan {
    /// Where it was made, and the keys of its values.
    pub site: Arc<DeviceSite>,
    /// Its trace: the board's own, or that of the process whose context it continues.
    pub trace_id: TraceId,
    /// Its own id.
    pub span_id: SpanId,
    /// Its parent; `None` for the root of a trace.
    pub parent_id: Option<SpanId>,
    /// Whether the parent lives in another process.
    pub is_parent_remote: bool,
    /// The flags of its trace.
    pub flags: TraceFlags,
    /// When it began, in ticks since boot.
    pub start_ticks: u64,
    /// When it ended, in ticks since boot.
    pub end_ticks: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// How many values its call site could not say; 255 stands for more.
    pub dropped: u8,
    /// What its call site said.
    pub values: Values,
}

impl DeviceSite {
    /// The name of a call site that the board did not list.
    pub const NOT_LISTED: &'static str = "(site not listed)";

    pub(super) fn not_listed() -> Self {
        Self { number: 0, name: Self::NOT_LISTED.into(), kind: SpanKind::Internal, keys: vec![] }
    }

    /// Returns the key at a place; `value.0` and so on where the board named none.
    pub fn key(&self, place: usize) -> &str {
        const NAMELESS: [&str; 4] = ["value.0", "value.1", "value.2", "value.3"];
        let named = self.keys.get(place).map(|key| &**key);
        named.or(NAMELESS.get(place).copied()).unwrap_or("value")
    }

    /// Returns `values` with their keys.
    pub fn named(&self, values: &Values) -> impl Iterator<Item = (&str, Value<'static>)> {
        let values: Vec<_> = values.iter().collect();
        values.into_iter().map(|(place, value)| (self.key(place), widened(value)))
    }
}

/// Returns the value of the host that says the same.
fn widened(value: Value32) -> Value<'static> {
    match value {
        Value32::Int(number) => Value::I64(number.into()),
        Value32::Unsigned(number) => Value::I64(number.into()),
        Value32::Float(number) => Value::F64(number.into()),
        Value32::Bool(truth) => Value::Bool(truth),
    }
}
