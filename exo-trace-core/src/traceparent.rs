//! A span context as one line of text: the W3C `traceparent` header, without allocation.
//!
//! Source: W3C Trace Context level 2, §3.2 (versions above 00 are read by their first four fields).

use crate::id::parse_hex;
use crate::{ParseIdError, SpanContext, SpanId, TraceFlags, TraceId};
use core::fmt;
use core::fmt::Write;
use heapless::String;

/// How many bytes a version-00 `traceparent` has.
pub const TRACEPARENT_BYTES: usize = 55;

impl SpanContext {
    /// Returns the context as a `traceparent` of version 00.
    pub fn to_traceparent(&self) -> String<TRACEPARENT_BYTES> {
        let mut text = String::new();
        let flags = self.flags.to_byte();
        // 2 + 1 + 32 + 1 + 16 + 1 + 2 bytes: the capacity exactly, so the write cannot fail.
        let _ = write!(text, "00-{}-{}-{flags:02x}", self.trace_id, self.span_id);
        text
    }

    /// Reads a `traceparent`; the context it returns is remote.
    ///
    /// # Errors
    ///
    /// Says which field is wrong. A version above 00 may carry more fields, which are ignored.
    pub fn from_traceparent(text: &str) -> Result<Self, ParseTraceparentError> {
        use ParseTraceparentError as Error;
        let bytes = text.as_bytes();
        let field = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
        if bytes.len() < TRACEPARENT_BYTES {
            return Err(Error::Length(bytes.len()));
        }
        if [2, 35, 52].iter().any(|&dash| field(dash, dash + 1) != b"-") {
            return Err(Error::Separator);
        }
        let version = parse_hex(field(0, 2), 2).map_err(Error::Version)? as u8;
        match (version, bytes.len(), field(55, 56)) {
            (0xff, ..) => return Err(Error::VersionForbidden),
            (0, TRACEPARENT_BYTES, _) | (1.., TRACEPARENT_BYTES, _) | (1.., _, b"-") => {}
            _ => return Err(Error::Length(bytes.len())),
        }
        let trace_id = parse_hex(field(3, 35), 32).map_err(Error::TraceId)?;
        let span_id = parse_hex(field(36, 52), 16).map_err(Error::SpanId)? as u64;
        let flags = parse_hex(field(53, 55), 2).map_err(Error::Flags)? as u8;
        Ok(Self {
            trace_id: TraceId::new(trace_id).ok_or(Error::TraceId(ParseIdError::Zero))?,
            span_id: SpanId::new(span_id).ok_or(Error::SpanId(ParseIdError::Zero))?,
            flags: TraceFlags::new(flags),
            is_remote: true,
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_traceparent_reads_what_it_writes() {
        let context = SpanContext::from_traceparent(GOOD).unwrap();
        assert!(context.is_remote && context.is_sampled());
        assert_eq!(context.to_traceparent().as_str(), GOOD);
    }

    #[test]
    fn a_later_version_may_carry_more() {
        for (text, good) in [
            ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03", true),
            ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-more", true),
            ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03more", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false),
            ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
            ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0", false),
            ("00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
            ("00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
            ("", false),
        ] {
            assert_eq!(SpanContext::from_traceparent(text).is_ok(), good, "{text:?}");
        }
    }
}
