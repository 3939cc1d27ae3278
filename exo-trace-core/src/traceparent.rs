//! A span context as one line of text: the W3C `traceparent` header, without allocation.
//!
//! What is well formed is read and written eight digits at a time; only a text that is not is looked
//! at byte by byte, to say what is wrong with it.
//!
//! Source: W3C Trace Context level 2, §3.2 (versions above 00 are read by their first four fields).

use crate::hex;
use crate::id::parse_hex;
use crate::{ParseIdError, SpanContext, SpanId, TraceFlags, TraceId};
use core::fmt;
use core::ops::Deref;

/// How many bytes a version-00 `traceparent` has.
pub const TRACEPARENT_BYTES: usize = 55;

/// The version that no `traceparent` may have.
const VERSION_FORBIDDEN: u8 = 0xff;

/// The flags that version 00 defines. The others are read and never sent (§3.2.2.5.3).
const FLAGS_SENT: u8 = TraceFlags::SAMPLED.with(TraceFlags::RANDOM).to_byte();

/// A span context as the 55 bytes of a `traceparent` of version 00.
///
/// ```
/// use exo_trace_core::SpanContext;
///
/// let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03";
/// let sent = SpanContext::from_traceparent(text)?.to_traceparent();
/// assert_eq!(sent.as_str(), text);
/// # Ok::<(), exo_trace_core::ParseTraceparentError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Traceparent {
    ascii: [u8; TRACEPARENT_BYTES],
}

impl Traceparent {
    /// Returns the text that goes into the header.
    #[inline]
    pub fn as_str(&self) -> &str {
        // Dashes and hex digits are ASCII: there is no other case.
        str::from_utf8(&self.ascii).unwrap_or_default()
    }

    /// Returns the text as bytes, for carriers that take those.
    #[inline]
    pub const fn as_bytes(&self) -> &[u8; TRACEPARENT_BYTES] {
        &self.ascii
    }
}

impl SpanContext {
    /// Returns the context as a `traceparent` of version 00.
    ///
    /// Of the flags only *sampled* and *random* are written: what the others will mean is not known.
    #[inline]
    pub fn to_traceparent(&self) -> Traceparent {
        let mut ascii = *b"00-                                -                -00";
        let [high, low] = self.trace_id.to_words();
        for (place, word) in [(3, high), (19, low), (36, self.span_id.to_word())] {
            ascii[place..place + 8].copy_from_slice(&hex::digits((word >> 32) as u32));
            ascii[place + 8..place + 16].copy_from_slice(&hex::digits(word as u32));
        }
        // One digit: the flags that are sent are below ten.
        ascii[54] = b'0' + (self.flags.to_byte() & FLAGS_SENT);
        Traceparent { ascii }
    }

    /// Reads a `traceparent`; the context it returns is remote.
    ///
    /// Spaces and tabs around the text are no part of it, as HTTP has it of every field.
    ///
    /// # Errors
    ///
    /// Says which field is wrong. A version above 00 may carry more fields, which are ignored.
    #[inline]
    pub fn from_traceparent(text: &str) -> Result<Self, ParseTraceparentError> {
        match read(text.as_bytes()) {
            Some(context) => Ok(context),
            None => read_closely(text.trim_matches([' ', '\t']).as_bytes()),
        }
    }
}

/// Reads what is well formed, which nearly everything is that ever arrives.
#[inline]
fn read(text: &[u8]) -> Option<SpanContext> {
    let (fields, more) = text.split_first_chunk::<TRACEPARENT_BYTES>()?;
    let version = byte(fields, 0)?;
    let is_separated = fields[2] == b'-' && fields[35] == b'-' && fields[52] == b'-';
    let is_whole = more.is_empty() || version != 0 && more[0] == b'-';
    if !is_separated || !is_whole || version == VERSION_FORBIDDEN {
        return None;
    }
    Some(SpanContext {
        trace_id: TraceId::from_words([word(fields, 3)?, word(fields, 19)?])?,
        span_id: SpanId::new(word(fields, 36)?)?,
        flags: TraceFlags::new(byte(fields, 53)?),
        is_remote: true,
    })
}

/// Returns the number that the sixteen digits at `place` say.
#[inline]
fn word(fields: &[u8; TRACEPARENT_BYTES], place: usize) -> Option<u64> {
    let mut digits = [0; 16];
    digits.copy_from_slice(&fields[place..place + 16]);
    hex::word(digits)
}

/// Returns the number that the two digits at `place` say.
#[inline]
fn byte(fields: &[u8; TRACEPARENT_BYTES], place: usize) -> Option<u8> {
    let mut digits = [b'0'; 8];
    digits[6..].copy_from_slice(&fields[place..place + 2]);
    hex::number(digits).map(|number| number as u8)
}

/// Reads field by field, so that what is wrong can be named.
#[cold]
fn read_closely(text: &[u8]) -> Result<SpanContext, ParseTraceparentError> {
    use ParseTraceparentError as Error;
    let field = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    if text.len() < TRACEPARENT_BYTES {
        return Err(Error::Length(text.len()));
    }
    if [2, 35, 52].iter().any(|&dash| field(dash, dash + 1) != b"-") {
        return Err(Error::Separator);
    }
    let version = parse_hex(field(0, 2), 2).map_err(Error::Version)? as u8;
    match (version, text.len(), field(55, 56)) {
        (VERSION_FORBIDDEN, ..) => return Err(Error::VersionForbidden),
        (0, TRACEPARENT_BYTES, _) | (1.., TRACEPARENT_BYTES, _) | (1.., _, b"-") => {}
        _ => return Err(Error::Length(text.len())),
    }
    let trace_id = parse_hex(field(3, 35), 32).map_err(Error::TraceId)?;
    let span_id = parse_hex(field(36, 52), 16).map_err(Error::SpanId)? as u64;
    let flags = parse_hex(field(53, 55), 2).map_err(Error::Flags)? as u8;
    Ok(SpanContext {
        trace_id: TraceId::new(trace_id).ok_or(Error::TraceId(ParseIdError::Zero))?,
        span_id: SpanId::new(span_id).ok_or(Error::SpanId(ParseIdError::Zero))?,
        flags: TraceFlags::new(flags),
        is_remote: true,
    })
}

/// Why a text is no `traceparent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseTraceparentError {
    /// The text has the wrong number of bytes for its version.
    Length(usize),
    /// A field is not followed by `-`.
    Separator,
    /// The version is no pair of hex digits.
    Version(ParseIdError),
    /// The version is `ff`, which the recommendation forbids.
    VersionForbidden,
    /// The trace id is wrong.
    TraceId(ParseIdError),
    /// The parent id is wrong.
    SpanId(ParseIdError),
    /// The flags are no pair of hex digits.
    Flags(ParseIdError),
}

impl fmt::Display for ParseTraceparentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(found) => {
                write!(f, "traceparent has {found} bytes, expected {TRACEPARENT_BYTES}")
            }
            Self::Separator => f.write_str("traceparent lacks a `-` between its fields"),
            Self::Version(why) => write!(f, "traceparent version: {why}"),
            Self::VersionForbidden => f.write_str("traceparent version is ff, expected 00 to fe"),
            Self::TraceId(why) => write!(f, "traceparent trace-id: {why}"),
            Self::SpanId(why) => write!(f, "traceparent parent-id: {why}"),
            Self::Flags(why) => write!(f, "traceparent trace-flags: {why}"),
        }
    }
}

impl core::error::Error for ParseTraceparentError {}

impl Deref for Traceparent {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Traceparent {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Traceparent({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &[u8; TRACEPARENT_BYTES] =
        b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn both_ways_of_reading_agree_whatever_byte_stands_where() {
        for place in 0..TRACEPARENT_BYTES {
            for byte in 0..=u8::MAX {
                let mut text = [b'-'; TRACEPARENT_BYTES + 2];
                text[..TRACEPARENT_BYTES].copy_from_slice(GOOD);
                text[place] = byte;
                for length in 54..text.len() {
                    let text = &text[..length];
                    assert_eq!(read(text), read_closely(text).ok(), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn a_text_is_as_long_as_it_says() {
        let context = read(GOOD).unwrap();
        assert_eq!(context.to_traceparent().as_bytes(), GOOD);
        assert_eq!(context.to_traceparent().len(), TRACEPARENT_BYTES);
    }
}
