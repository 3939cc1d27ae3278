//! The first word of a record of the 32-bit profile, bit by bit.
//!
//! | bits | what |
//! |---|---|
//! | 0–2 | kind; zero for padding, whose other bits are its length in words |
//! | 3–4 | outcome of a span |
//! | 3 | whether a text is cut, whether a link leads to a whole context |
//! | 4 | whether a context is remote |
//! | 4–15 | length of a text in bytes |
//! | 5–7 | number of values |
//! | 8–15 | what each value is, two bits each, the first the lowest; the flags of a context |
//! | 16–31 | number of the call site, zero for one that is not listed |

use crate::Outcome;

/// The words of a span before its values: head, start, end, id, parent, root.
pub(super) const SPAN_WORDS: usize = 6;
/// The words of an event before its values: head, span, ticks.
pub(super) const EVENT_WORDS: usize = 3;
/// The words of attributes before their values: head, span.
pub(super) const ATTRIBUTES_WORDS: usize = 2;
/// The words of a text before its bytes: head, span.
pub(super) const TEXT_WORDS: usize = 2;
/// The words of a link, and of a context, before what it leads to: head, span.
pub(super) const LINK_WORDS: usize = 2;
/// The words of a whole context: trace id (four), span id (two).
pub(super) const CONTEXT_WORDS: usize = 6;

/// The longest text, in bytes.
pub(super) const TEXT_BYTES_MAX: usize = (1 << 12) - 1;

/// Where the bits of a head begin.
pub(super) const OUTCOME_AT: u32 = 3;
pub(super) const TEXT_LENGTH_AT: u32 = 4;
pub(super) const COUNT_AT: u32 = 5;
pub(super) const TAGS_AT: u32 = 8;
pub(super) const FLAGS_AT: u32 = 8;
pub(super) const SITE_AT: u32 = 16;
const PADDING_AT: u32 = 3;

/// Bits of one meaning.
pub(super) const CUT: u32 = 1 << 3;
pub(super) const WHOLE_CONTEXT: u32 = 1 << 3;
pub(super) const REMOTE: u32 = 1 << 4;

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Padding = 0,
    Span = 1,
    Event = 2,
    Attributes = 3,
    Text = 4,
    Link = 5,
    Context = 6,
    /// A span with a last word: laps in its low byte, dropped values in the next.
    LongSpan = 7,
}

impl Kind {
    /// Three bits are always a kind.
    #[inline(always)]
    pub(super) const fn of(head: u32) -> Self {
        match head & 7 {
            0 => Self::Padding,
            1 => Self::Span,
            2 => Self::Event,
            3 => Self::Attributes,
            4 => Self::Text,
            5 => Self::Link,
            6 => Self::Context,
            _ => Self::LongSpan,
        }
    }
}

/// The head of words that hold nothing, up to the end of a lap.
#[inline(always)]
pub(super) const fn padding(words: usize) -> u32 {
    (words as u32) << PADDING_AT
}

/// How many values a record has.
#[inline(always)]
pub(super) const fn count(head: u32) -> usize {
    (head >> COUNT_AT & 7) as usize
}

/// How many bytes a text has.
#[inline(always)]
pub(super) const fn text_bytes(head: u32) -> usize {
    (head >> TEXT_LENGTH_AT) as usize & TEXT_BYTES_MAX
}

/// How many words the record that starts with `head` has, itself included; never zero.
pub(super) const fn words(head: u32) -> usize {
    match Kind::of(head) {
        Kind::Padding if head == 0 => 1,
        Kind::Padding => (head >> PADDING_AT) as usize,
        Kind::Span => SPAN_WORDS + count(head),
        Kind::Event => EVENT_WORDS + count(head),
        Kind::Attributes => ATTRIBUTES_WORDS + count(head),
        Kind::Text => TEXT_WORDS + text_bytes(head).div_ceil(4),
        Kind::Link if head & WHOLE_CONTEXT == 0 => LINK_WORDS + 1,
        Kind::Link | Kind::Context => LINK_WORDS + CONTEXT_WORDS,
        Kind::LongSpan => SPAN_WORDS + count(head) + 1,
    }
}

/// How a span ended.
pub(super) const fn outcome(head: u32) -> Outcome {
    match head >> OUTCOME_AT & 3 {
        0 => Outcome::Ended,
        1 => Outcome::Error,
        2 => Outcome::Panic,
        _ => Outcome::Cancelled,
    }
}
