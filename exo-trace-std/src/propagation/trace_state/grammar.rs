//! What a member of a `tracestate` may look like, and what is said of one that does not.
//!
//! Source: W3C Trace Context level 2, §3.3.2. Its keys are more than those of level 1 (`tenant@system`
//! is a key like any other), so whatever a sender of level 1 wrote is read.

use super::TRACE_STATE_MEMBERS_MAX;
use crate::propagation::HEADER_BYTES_READ_MAX;
use crate::propagation::shown::shown;
use std::fmt;

/// The longest key and the longest value.
const TEXT_BYTES_MAX: usize = 256;

/// Parts a member, blanks around it already gone, into its key and its value.
pub(super) fn member(text: &str) -> Result<(&str, &str), ParseTraceStateError> {
    let parted = text.split_once('=');
    let (key, value) = parted.ok_or_else(|| ParseTraceStateError::Separator(shown(text)))?;
    checked(key, value)
}

/// Returns key and value as they are, if they may be a member.
pub(super) fn checked<'t>(
    key: &'t str,
    value: &'t str,
) -> Result<(&'t str, &'t str), ParseTraceStateError> {
    if !is_key(key) {
        return Err(ParseTraceStateError::Key(shown(key)));
    }
    if !is_value(value) {
        return Err(ParseTraceStateError::Value(shown(value)));
    }
    Ok((key, value))
}

fn is_key(key: &str) -> bool {
    let is_first = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9');
    let is_later = |byte: &u8| is_first(byte) || b"_-*/@".contains(byte);
    key.len() <= TEXT_BYTES_MAX
        && key.as_bytes().first().is_some_and(is_first)
        && key.as_bytes().iter().all(is_later)
}

/// Blanks may stand at the start and within, not at the end: there they are the list's.
fn is_value(value: &str) -> bool {
    let is_inside = |byte: &u8| matches!(byte, b' '..=b'~') && !b",=".contains(byte);
    value.len() <= TEXT_BYTES_MAX
        && value.as_bytes().last().is_some_and(|last| *last != b' ')
        && value.as_bytes().iter().all(is_inside)
}

/// Why a text is no `tracestate`, or a member cannot be added to one.
///
/// Texts are repeated up to their fortieth character.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseTraceStateError {
    /// A member has no `=`.
    Separator(Box<str>),
    /// This is no key.
    Key(Box<str>),
    /// This is no value.
    Value(Box<str>),
    /// There are more members than a list may have.
    Members,
    /// The list is longer than anybody reads.
    Bytes,
}

impl fmt::Display for ParseTraceStateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Separator(text) => write!(f, "tracestate member is {text:?}, expected key=value"),
            Self::Key(key) => write!(
                f,
                "tracestate key is {key:?}, expected 1 to {TEXT_BYTES_MAX} of a-z 0-9 _ - * / @, \
                 the first a letter or a digit"
            ),
            Self::Value(value) => write!(
                f,
                "tracestate value is {value:?}, expected 1 to {TEXT_BYTES_MAX} printable ASCII \
                 characters without `,` and `=`, the last no blank"
            ),
            Self::Members => {
                write!(f, "tracestate has more than {TRACE_STATE_MEMBERS_MAX} members")
            }
            Self::Bytes => {
                write!(f, "tracestate has more than {HEADER_BYTES_READ_MAX} bytes")
            }
        }
    }
}

impl std::error::Error for ParseTraceStateError {}
