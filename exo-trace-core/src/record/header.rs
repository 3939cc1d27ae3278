//! The first word of a record, bit by bit.
//!
//! | bits | what |
//! |---|---|
//! | 0–7 | kind; zero for padding |
//! | 8–15 | the trace's flags byte, or the status code |
//! | 16–17 | outcome |
//! | 18 | foreign |
//! | 19 | remote parent, or remote link |
//! | 20 | a word with dropped counts follows the fixed words |
//! | 21 | a word with the number of an identity follows them |
//! | 24–31 | number of attributes |
//! | 32–47 | length in words, this one included |
//! | 48–63 | call-site id, zero for none |

use super::{Outcome, StatusCode};
use crate::{CallsiteId, Current, TraceFlags};
use core::num::{NonZeroU16, NonZeroU64};

/// The fixed words of a span: header, start, end, span id, parent id, trace id (two).
pub(crate) const SPAN_WORDS: usize = 7;

/// What a record is. 8 is kept for records of spans that are still open, 9 for the context records
/// of the 32-bit profile; neither is written yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Span = 1,
    Facts = 2,
    Event = 3,
    Failure = 4,
    Link = 5,
    Status = 6,
    Name = 7,
}

impl Kind {
    pub(crate) const fn of(header: u64) -> Result<Self, u8> {
        Ok(match header as u8 {
            1 => Self::Span,
            2 => Self::Facts,
            3 => Self::Event,
            4 => Self::Failure,
            5 => Self::Link,
            6 => Self::Status,
            7 => Self::Name,
            other => return Err(other),
        })
    }
}

/// Packs what every header has; `length` and `count` are bounded by the caller.
#[inline(always)]
pub(crate) const fn header(kind: Kind, count: usize, length: usize) -> u64 {
    kind as u64 | (count as u64 & 0xff) << 24 | (length as u64 & 0xffff) << 32
}

/// The header of words that hold nothing, up to the end of a lap; its kind is zero.
#[inline(always)]
pub(crate) const fn padding(length: usize) -> u64 {
    (length as u64 & 0xffff) << 32
}

/// How many words the record that starts with `header` has, the header included.
#[inline(always)]
pub(crate) const fn length(header: u64) -> usize {
    (header >> 32) as usize & 0xffff
}

/// How many attributes the record that starts with `header` has.
#[inline(always)]
pub(crate) const fn count(header: u64) -> usize {
    (header >> 24) as usize & 0xff
}

/// What is known of a span's first word when it begins: all but its outcome, its lengths, and what
/// happens to it. It is never zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpanHead(NonZeroU64);

/// That of a span, which is what makes a head something else than zero.
const KIND: NonZeroU64 = NonZeroU64::MIN;
const _: () = assert!(KIND.get() == Kind::Span as u64, "the kind is part of every head");

impl SpanHead {
    #[inline(always)]
    pub(crate) const fn new(callsite: Option<CallsiteId>, parent: Current) -> Self {
        Self(KIND).with(SpanBits::callsite(callsite) | parent.head_bits())
    }

    /// Returns the word of a record with so many attributes and words.
    #[inline(always)]
    pub(crate) const fn to_word(self, attributes: usize, words: usize) -> u64 {
        self.0.get() | header(Kind::Span, attributes, words)
    }

    pub(crate) fn callsite(self) -> Option<CallsiteId> {
        SpanBits::callsite_of(self.0.get())
    }

    /// Returns it for another call site.
    pub(crate) const fn at(self, callsite: CallsiteId) -> Self {
        let kept = self.0.get() & (u64::MAX >> 16);
        Self(KIND).with(kept | SpanBits::callsite(Some(callsite)))
    }

    #[inline(always)]
    const fn with(self, bits: u64) -> Self {
        match NonZeroU64::new(self.0.get() | bits) {
            Some(word) => Self(word),
            None => self,
        }
    }
}

/// The bits that only spans, links and statuses use.
pub(crate) struct SpanBits;

impl SpanBits {
    pub(crate) const FLAGS_AT: u32 = 8;
    pub(crate) const FOREIGN: u64 = 1 << 18;
    pub(crate) const REMOTE: u64 = 1 << 19;
    pub(crate) const DROPPED: u64 = 1 << 20;
    pub(crate) const IDENTIFIED: u64 = 1 << 21;

    #[inline(always)]
    pub(crate) const fn callsite(id: Option<CallsiteId>) -> u64 {
        match id {
            Some(id) => (id.0.get() as u64) << 48,
            None => 0,
        }
    }

    #[inline(always)]
    pub(crate) const fn flags(flags: TraceFlags) -> u64 {
        (flags.to_byte() as u64) << Self::FLAGS_AT
    }

    #[inline(always)]
    pub(crate) const fn outcome(outcome: Outcome) -> u64 {
        (outcome as u64) << 16
    }

    pub(crate) const fn code(code: StatusCode) -> u64 {
        (code as u64) << 8
    }

    pub(crate) fn callsite_of(header: u64) -> Option<CallsiteId> {
        NonZeroU16::new((header >> 48) as u16).map(CallsiteId)
    }

    pub(crate) const fn flags_of(header: u64) -> TraceFlags {
        TraceFlags::new((header >> 8) as u8)
    }

    pub(crate) const fn outcome_of(header: u64) -> Outcome {
        match header >> 16 & 3 {
            0 => Outcome::Ended,
            1 => Outcome::Error,
            2 => Outcome::Panic,
            _ => Outcome::Cancelled,
        }
    }

    pub(crate) const fn code_of(header: u64) -> Option<StatusCode> {
        Some(match (header >> 8) as u8 {
            0 => StatusCode::Unset,
            1 => StatusCode::Error,
            2 => StatusCode::Ok,
            _ => return None,
        })
    }
}
