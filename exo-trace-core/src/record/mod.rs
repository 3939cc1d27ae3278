//! What travels through a ring: complete spans, and facts that join a span by its id.
//!
//! A span is one record written at its end, so no half of it can be lost. What cannot wait in the
//! guard (text, events, links, a failure, a status, a name made at run time) is a record of its own,
//! written at once and joined by span id on the other side. A record is a run of 64-bit words whose
//! first word says its kind and length; every text is cut and padded to whole words.

mod decode;
mod encode;
mod encoded;
mod found;
mod header;
mod packed;

use crate::{CallsiteId, IdentityId, KeyId, SpanContext, SpanId, TraceFlags, TraceId, Value};

pub use decode::DecodeError;
pub(crate) use decode::split_text;
pub(crate) use encode::{Grant, attribute_header, scalar_word};
pub use encoded::Encoded;
pub(crate) use header::{SPAN_WORDS, SpanBits, SpanHead, padding};

/// One record, borrowed from whoever writes it or from the words it was read from.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Record<'a> {
    /// A whole span.
    Span(SpanRecord<'a>),
    /// Attributes of a span that ends later, or ended before.
    Facts(Facts<'a>),
    /// Something that happened inside a span.
    Event(Event<'a>),
    /// An error or a panic inside a span.
    Failure(Failure<'a>),
    /// A span that another span points to.
    Link(Link<'a>),
    /// A status set by hand.
    Status(StatusRecord<'a>),
    /// A name made at run time.
    Name {
        /// The span that is called so.
        span_id: SpanId,
        /// The name.
        name: &'a str,
    },
}

/// A span, complete.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpanRecord<'a> {
    /// Where it was made; `None` when the table of call sites was full.
    pub callsite: Option<CallsiteId>,
    /// Its trace.
    pub trace_id: TraceId,
    /// Its own id.
    pub span_id: SpanId,
    /// Its parent; `None` for the root of a trace.
    pub parent_id: Option<SpanId>,
    /// Whether the parent lives in another process.
    pub is_parent_remote: bool,
    /// The flags of its trace.
    pub flags: TraceFlags,
    /// When it began, in ticks.
    pub start_ticks: u64,
    /// When it ended, in ticks.
    pub end_ticks: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether facts of it may stand in other rings: its handle or context left the thread, or it
    /// was polled or ended on another lane.
    pub is_foreign: bool,
    /// For whom it worked.
    pub identity: Option<IdentityId>,
    /// What was to be said of it and could not, as far as the thread that ended it knew.
    pub dropped: Dropped,
    /// Its one-word attributes.
    pub attributes: Fields<'a>,
}

/// How a span ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// As its caller meant it to.
    #[default]
    Ended,
    /// With an error value.
    Error,
    /// With a panic.
    Panic,
    /// Its future or stream was dropped before its end.
    Cancelled,
}

/// How many facts of a span were refused before they reached the ring; each count stops at 65,535.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dropped {
    /// Attributes.
    pub attributes: u16,
    /// Events and failures.
    pub events: u16,
    /// Links.
    pub links: u16,
}

/// Attributes that belong to a span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts<'a> {
    /// The span.
    pub span_id: SpanId,
    /// The attributes.
    pub attributes: Fields<'a>,
}

/// Something that happened inside a span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event<'a> {
    /// The span.
    pub span_id: SpanId,
    /// When, in ticks.
    pub ticks: u64,
    /// What.
    pub name: &'a str,
    /// The circumstances.
    pub attributes: Fields<'a>,
}

/// An error value or a panic inside a span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure<'a> {
    /// The span.
    pub span_id: SpanId,
    /// When, in ticks.
    pub ticks: u64,
    /// `exception.type`.
    pub type_name: &'a str,
    /// `exception.message`.
    pub message: &'a str,
    /// The circumstances, for a panic its place.
    pub attributes: Fields<'a>,
}

/// A link from one span to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link<'a> {
    /// The span that points.
    pub span_id: SpanId,
    /// The span it points to.
    pub context: SpanContext,
    /// Why.
    pub attributes: Fields<'a>,
}

/// The status of a span, set by hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StatusRecord<'a> {
    /// The span.
    pub span_id: SpanId,
    /// Its status.
    pub code: StatusCode,
    /// Why, for an error; else empty.
    pub description: &'a str,
}

/// A span's status.
///
/// Source: OpenTelemetry specification, "Set Status".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatusCode {
    /// Nobody said.
    #[default]
    Unset,
    /// An error.
    Error,
    /// A success that somebody vouched for.
    Ok,
}

impl StatusCode {
    /// Returns the status in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unset => "unset",
            Self::Error => "error",
            Self::Ok => "ok",
        }
    }
}

/// One attribute in a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written<'a> {
    /// Its key.
    pub key: KeyId,
    /// Its place among the attributes of its call site; 255 for what was added later.
    pub order: u8,
    /// Whether the value was longer.
    pub is_cut: bool,
    /// Its value.
    pub value: Value<'a>,
}

/// The attributes of a record: a slice on the way in, words on the way out.
#[derive(Clone, Copy, Debug)]
pub enum Fields<'a> {
    /// Attributes still to be written.
    Borrowed(&'a [Written<'a>]),
    /// Attributes as a record holds them; checked when the record was decoded.
    Encoded {
        /// The words of all attributes.
        words: &'a [u64],
        /// How many attributes there are.
        count: usize,
    },
}

impl Fields<'_> {
    /// No attributes.
    pub const NONE: Self = Self::Borrowed(&[]);

    /// Returns how many attributes there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Borrowed(attributes) => attributes.len(),
            Self::Encoded { count, .. } => *count,
        }
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl PartialEq for Fields<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}
