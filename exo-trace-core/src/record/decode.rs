//! From words back to a record: any words give a record or an error, never a panic.
//!
//! The attributes are walked once while the record is decoded, so that reading them afterwards
//! cannot fail.

use super::encode::tag;
use super::header::{self, Kind, SPAN_WORDS, SpanBits};
use super::{
    Dropped, Event, Facts, Failure, Fields, Link, Record, SpanRecord, StatusRecord, Written,
};
use crate::{IdentityId, KeyId, SpanContext, SpanId, Texts, TraceId, Value};
use core::fmt;

/// Why words are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// There are fewer words than the record needs.
    Short,
    /// The header says another length than the record has.
    Length,
    /// No record has this kind.
    Kind(u8),
    /// A span or trace id is zero, or an identity is no number of one.
    ZeroId,
    /// A status code is unknown.
    StatusCode,
    /// An attribute has an unknown type.
    Attribute,
    /// A text is not UTF-8.
    Text,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short => f.write_str("record ends before its last word"),
            Self::Length => f.write_str("record has another length than its header says"),
            Self::Kind(kind) => write!(f, "record kind is {kind}, expected 1 to 7"),
            Self::ZeroId => f.write_str("record has an id of zero"),
            Self::StatusCode => f.write_str("status code is unknown, expected 0 to 2"),
            Self::Attribute => f.write_str("attribute has an unknown type"),
            Self::Text => f.write_str("text is not UTF-8"),
        }
    }
}

impl core::error::Error for DecodeError {}

impl<'a> Record<'a> {
    /// Returns how many words the record that starts with this header has; never zero.
    #[inline]
    pub fn words(header: u64) -> usize {
        header::length(header).max(1)
    }

    /// Returns the id of the span the record that starts with these words belongs to.
    #[inline]
    pub fn span_id(words: &[u64]) -> Option<SpanId> {
        let place = if Kind::of(*words.first()?).ok()? == Kind::Span { 3 } else { 1 };
        SpanId::new(*words.get(place)?)
    }

    /// Reads one record; `words` holds it and nothing else.
    ///
    /// # Errors
    ///
    /// Says what is wrong with words that no [`Writer::record`](crate::Writer::record) wrote.
    pub fn decode(words: &'a [u64]) -> Result<Self, DecodeError> {
        Self::read(words, Cursor::attributes)
    }

    /// Reads a record that was decoded before, without walking its attributes once more.
    ///
    /// Words that never were a record give some record, fewer attributes than they say, or nothing.
    pub fn decode_again(words: &'a [u64]) -> Option<Self> {
        Self::read(words, Cursor::attributes_again).ok()
    }

    /// As [`Record::decode_again`], for words that are a span.
    #[inline(always)]
    pub fn span_again(words: &'a [u64]) -> Option<SpanRecord<'a>> {
        let mut rest = Cursor { words };
        let first = rest.word().ok()?;
        if Kind::of(first) != Ok(Kind::Span) {
            return None;
        }
        let mut span = rest.span(first).ok()?;
        span.attributes = rest.attributes_again(first).ok()?;
        Some(span)
    }

    fn read(
        words: &'a [u64],
        attributes: impl Fn(&mut Cursor<'a>, u64) -> Result<Fields<'a>, DecodeError>,
    ) -> Result<Self, DecodeError> {
        let mut rest = Cursor { words };
        let first = rest.word()?;
        if header::length(first) != words.len() {
            return Err(DecodeError::Length);
        }
        let kind = Kind::of(first).map_err(DecodeError::Kind)?;
        if kind == Kind::Span {
            let mut span = rest.span(first)?;
            span.attributes = attributes(&mut rest, first)?;
            return Ok(Self::Span(span));
        }
        let span_id = rest.span_id()?;
        Ok(match kind {
            Kind::Span | Kind::Facts => {
                Record::Facts(Facts { span_id, attributes: attributes(&mut rest, first)? })
            }
            Kind::Event => Record::Event(Event {
                span_id,
                ticks: rest.word()?,
                name: rest.text()?,
                attributes: attributes(&mut rest, first)?,
            }),
            Kind::Failure => Record::Failure(Failure {
                span_id,
                ticks: rest.word()?,
                type_name: rest.text()?,
                message: rest.text()?,
                attributes: attributes(&mut rest, first)?,
            }),
            Kind::Link => Record::Link(Link {
                span_id,
                context: SpanContext {
                    trace_id: rest.trace_id()?,
                    span_id: rest.span_id()?,
                    flags: SpanBits::flags_of(first),
                    is_remote: first & SpanBits::REMOTE != 0,
                },
                attributes: attributes(&mut rest, first)?,
            }),
            Kind::Status => Record::Status(StatusRecord {
                span_id,
                code: SpanBits::code_of(first).ok_or(DecodeError::StatusCode)?,
                description: rest.last_text()?,
            }),
            Kind::Name => Record::Name { span_id, name: rest.last_text()? },
        })
    }
}

/// What is still to be read of a record.
struct Cursor<'a> {
    words: &'a [u64],
}

impl<'a> Cursor<'a> {
    #[inline(always)]
    fn word(&mut self) -> Result<u64, DecodeError> {
        let (&first, rest) = self.words.split_first().ok_or(DecodeError::Short)?;
        self.words = rest;
        Ok(first)
    }

    #[inline(always)]
    fn span_id(&mut self) -> Result<SpanId, DecodeError> {
        SpanId::new(self.word()?).ok_or(DecodeError::ZeroId)
    }

    #[inline(always)]
    fn trace_id(&mut self) -> Result<TraceId, DecodeError> {
        TraceId::from_words([self.word()?, self.word()?]).ok_or(DecodeError::ZeroId)
    }

    fn text(&mut self) -> Result<&'a str, DecodeError> {
        let (text, rest) = split_text(self.words).ok_or(DecodeError::Text)?;
        self.words = rest;
        Ok(text)
    }

    fn last_text(&mut self) -> Result<&'a str, DecodeError> {
        let text = self.text()?;
        if self.words.is_empty() { Ok(text) } else { Err(DecodeError::Length) }
    }

    /// Reads a span up to its attributes.
    #[inline(always)]
    fn span(&mut self, first: u64) -> Result<SpanRecord<'a>, DecodeError> {
        debug_assert_eq!(SPAN_WORDS, 7);
        let (start_ticks, end_ticks) = (self.word()?, self.word()?);
        let (span_id, parent_id) = (self.span_id()?, SpanId::new(self.word()?));
        let trace_id = self.trace_id()?;
        let dropped = if first & SpanBits::DROPPED != 0 { self.word()? } else { 0 };
        let identity = if first & SpanBits::IDENTIFIED != 0 {
            Some(IdentityId::new(self.word()?).ok_or(DecodeError::ZeroId)?)
        } else {
            None
        };
        Ok(SpanRecord {
            callsite: SpanBits::callsite_of(first),
            trace_id,
            span_id,
            parent_id,
            is_parent_remote: first & SpanBits::REMOTE != 0,
            flags: SpanBits::flags_of(first),
            start_ticks,
            end_ticks,
            outcome: SpanBits::outcome_of(first),
            is_foreign: first & SpanBits::FOREIGN != 0,
            identity,
            dropped: Dropped::from_word(dropped),
            attributes: Fields::NONE,
        })
    }

    /// Takes the attributes that fill the rest of the record as they are.
    #[inline(always)]
    fn attributes_again(&mut self, first: u64) -> Result<Fields<'a>, DecodeError> {
        Ok(Fields::Encoded { words: self.words, count: header::count(first) })
    }

    /// Checks the attributes that fill the rest of the record.
    fn attributes(&mut self, first: u64) -> Result<Fields<'a>, DecodeError> {
        let fields = Fields::Encoded { words: self.words, count: header::count(first) };
        for _ in 0..fields.len() {
            let (_, rest) = split_attribute(self.words)?;
            self.words = rest;
        }
        if self.words.is_empty() { Ok(fields) } else { Err(DecodeError::Length) }
    }
}

impl<'a> Fields<'a> {
    /// Returns the attributes in the order they were written.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Written<'a>> + use<'a> {
        match *self {
            Self::Borrowed(attributes) => Attributes { borrowed: attributes, words: &[], left: 0 },
            Self::Encoded { words, count } => Attributes { borrowed: &[], words, left: count },
        }
    }
}

/// The attributes still to come: of a slice, or of so many words.
struct Attributes<'a> {
    borrowed: &'a [Written<'a>],
    words: &'a [u64],
    left: usize,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Written<'a>;

    #[inline]
    fn next(&mut self) -> Option<Written<'a>> {
        if self.left > 0 {
            self.left -= 1;
            let (attribute, after) = split_attribute(self.words).ok()?;
            self.words = after;
            return Some(attribute);
        }
        let (first, rest) = self.borrowed.split_first()?;
        self.borrowed = rest;
        Some(*first)
    }
}

/// Splits the first attribute from the words after it.
#[inline]
fn split_attribute(words: &[u64]) -> Result<(Written<'_>, &[u64]), DecodeError> {
    let (&header, rest) = words.split_first().ok_or(DecodeError::Short)?;
    let length = usize::try_from(header >> 32).map_err(|_| DecodeError::Length)?;
    let (value, rest) = match header & 0xf {
        tag::EMPTY => (Value::Empty, rest),
        tag::TEXT => {
            let (text, rest) = split_bytes(rest, length).ok_or(DecodeError::Text)?;
            (Value::Text(text), rest)
        }
        tag::TEXTS => split_texts(rest, length)?,
        scalar => {
            let (&word, rest) = rest.split_first().ok_or(DecodeError::Short)?;
            (scalar_value(scalar, word).ok_or(DecodeError::Attribute)?, rest)
        }
    };
    let key = KeyId((header >> 16) as u16);
    let (order, is_cut) = ((header >> 8) as u8, header & 1 << 4 != 0);
    Ok((Written { key, order, is_cut, value }, rest))
}

#[inline(always)]
pub(super) fn scalar_value(tag: u64, word: u64) -> Option<Value<'static>> {
    Some(match tag {
        tag::BOOL => Value::Bool(word != 0),
        tag::I64 => Value::I64(word as i64),
        tag::U64 => Value::U64(word),
        tag::F64 => Value::F64(f64::from_bits(word)),
        tag::INTERNED => Value::Interned(KeyId(word as u16)),
        _ => return None,
    })
}

pub(super) fn split_texts(words: &[u64], count: usize) -> Result<(Value<'_>, &[u64]), DecodeError> {
    let mut rest = words;
    for _ in 0..count {
        let (_, after) = split_text(rest).ok_or(DecodeError::Text)?;
        rest = after;
    }
    let texts = words.get(..words.len() - rest.len()).unwrap_or_default();
    Ok((Value::Texts(Texts::Encoded { words: texts, count }), rest))
}

/// Splits a text with its length before it from the words after it.
pub(crate) fn split_text(words: &[u64]) -> Option<(&str, &[u64])> {
    let (&length, rest) = words.split_first()?;
    split_bytes(rest, usize::try_from(length).ok()?)
}

/// Splits `length` bytes of text, padded to whole words, from the words after them.
#[inline]
pub(super) fn split_bytes(words: &[u64], length: usize) -> Option<(&str, &[u64])> {
    let (text, rest) = words.split_at_checked(length.div_ceil(8))?;
    let bytes: &[u8] = bytemuck::cast_slice(text);
    Some((core::str::from_utf8(bytes.get(..length)?).ok()?, rest))
}
