//! From words back to a record of the 32-bit profile; any words are a record or an error.

use super::head::{
    ATTRIBUTES_WORDS, CONTEXT_WORDS, CUT, EVENT_WORDS, FLAGS_AT, Kind, LINK_WORDS, REMOTE, SITE_AT,
    SPAN_WORDS, TAGS_AT, TEXT_WORDS, count, outcome, text_bytes, words,
};
use super::{LocalId, Record, Target, VALUES_MAX, Values};
use crate::{SpanContext, SpanId, TraceFlags, TraceId};
use core::fmt;

impl<'a> Record<'a> {
    /// Returns how many words the record has whose first is `head`, or the padding; never zero.
    pub const fn words(head: u32) -> usize {
        words(head)
    }

    /// Reads one record, which takes all of `words`.
    ///
    /// # Errors
    ///
    /// Says what is wrong with words that nobody encoded; never panics.
    pub fn decode(words: &'a [u32]) -> Result<Self, DecodeError> {
        let (&head, rest) = words.split_first().ok_or(DecodeError::Length)?;
        if Self::words(head) != words.len() {
            return Err(DecodeError::Length);
        }
        let site = (head >> SITE_AT) as u16;
        match Kind::of(head) {
            Kind::Padding => Err(DecodeError::Padding),
            Kind::Span => span(site, head, rest, 0),
            Kind::LongSpan => {
                let (&last, rest) = rest.split_last().ok_or(DecodeError::Length)?;
                span(site, head, rest, last)
            }
            Kind::Event => {
                let ([span, ticks], values) = split::<{ EVENT_WORDS - 1 }>(rest)?;
                let (span, values) = (id(span)?, read_values(head, values)?);
                Ok(Self::Event { site, span, ticks, values })
            }
            Kind::Attributes => {
                let ([span], values) = split::<{ ATTRIBUTES_WORDS - 1 }>(rest)?;
                Ok(Self::Attributes { site, span: id(span)?, values: read_values(head, values)? })
            }
            Kind::Text => {
                let ([span], bytes) = split::<{ TEXT_WORDS - 1 }>(rest)?;
                let text = text(head, bytes)?;
                Ok(Self::Text { site, span: id(span)?, is_cut: head & CUT != 0, text })
            }
            Kind::Link => {
                let ([span], to) = split::<{ LINK_WORDS - 1 }>(rest)?;
                let to = match to {
                    &[to] => Target::Local(id(to)?),
                    more => Target::Remote(context(head, more)?),
                };
                Ok(Self::Link { span: id(span)?, to })
            }
            Kind::Context => {
                let ([root], remote) = split::<{ LINK_WORDS - 1 }>(rest)?;
                Ok(Self::Context { root: id(root)?, remote: context(head, remote)? })
            }
        }
    }
}

fn span(site: u16, head: u32, rest: &[u32], last: u32) -> Result<Record<'_>, DecodeError> {
    let ([start, end, own, parent, root], values) = split::<{ SPAN_WORDS - 1 }>(rest)?;
    let parent = if parent == 0 { None } else { Some(id(parent)?) };
    let (own, root, outcome) = (id(own)?, id(root)?, outcome(head));
    let [laps, dropped, ..] = last.to_le_bytes();
    let values = read_values(head, values)?;
    Ok(Record::Span { site, id: own, parent, root, start, end, laps, outcome, dropped, values })
}

fn split<const N: usize>(words: &[u32]) -> Result<([u32; N], &[u32]), DecodeError> {
    let (first, rest) = words.split_first_chunk().ok_or(DecodeError::Length)?;
    Ok((*first, rest))
}

fn id(word: u32) -> Result<LocalId, DecodeError> {
    LocalId::new(word).ok_or(DecodeError::ZeroId)
}

fn read_values(head: u32, words: &[u32]) -> Result<Values, DecodeError> {
    if count(head) > VALUES_MAX {
        return Err(DecodeError::Count);
    }
    Values::from_words((head >> TAGS_AT) as u8, words).ok_or(DecodeError::Value)
}

fn text(head: u32, words: &[u32]) -> Result<&str, DecodeError> {
    let bytes: &[u8] = bytemuck::cast_slice(words);
    let bytes = bytes.get(..text_bytes(head)).ok_or(DecodeError::Length)?;
    str::from_utf8(bytes).map_err(|_| DecodeError::Text)
}

fn context(head: u32, words: &[u32]) -> Result<SpanContext, DecodeError> {
    let ([a, b, c, d, e, f], _) = split::<CONTEXT_WORDS>(words)?;
    let whole = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
    Ok(SpanContext {
        trace_id: TraceId::from_words([whole(a, b), whole(c, d)]).ok_or(DecodeError::ZeroId)?,
        span_id: SpanId::new(whole(e, f)).ok_or(DecodeError::ZeroId)?,
        flags: TraceFlags::new((head >> FLAGS_AT) as u8),
        is_remote: head & REMOTE != 0,
    })
}

/// Why words are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// There are not as many words as the first one says.
    Length,
    /// They fill the end of a ring and say nothing.
    Padding,
    /// There are more values than a record can have.
    Count,
    /// A value is of no known kind.
    Value,
    /// An id is zero.
    ZeroId,
    /// A text is not UTF-8.
    Text,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "record is shorter or longer than its first word says",
            Self::Padding => "words are padding, expected a record",
            Self::Count => "record has more than four values",
            Self::Value => "record has a value that is no whole number, float or truth",
            Self::ZeroId => "record has an id of zero",
            Self::Text => "record has a text that is not UTF-8",
        })
    }
}

impl core::error::Error for DecodeError {}
