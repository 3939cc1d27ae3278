//! Why something cannot be put into baggage.

use super::set::{BAGGAGE_BYTES_MAX, BAGGAGE_MEMBER_BYTES_MAX, BAGGAGE_MEMBERS_MAX};
use crate::propagation::shown::shown;
use std::fmt;

/// Why something was not put into baggage, which is left as it was.
///
/// Texts are repeated up to their fortieth character, and values never: they may be private.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaggageError {
    /// This is no key.
    Key(Box<str>),
    /// These are no properties.
    Properties(Box<str>),
    /// There are as many members as there may be.
    Members,
    /// The member would be this many bytes long, encoded.
    MemberBytes(usize),
    /// All members together would be this many bytes long, encoded.
    Bytes(usize),
}

impl BaggageError {
    pub(super) fn key(key: &str) -> Self {
        Self::Key(shown(key))
    }

    pub(super) fn properties(properties: &str) -> Self {
        Self::Properties(shown(properties))
    }
}

impl fmt::Display for BaggageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(
                f,
                "baggage key is {key:?}, expected letters, digits and ! # $ % & ' * + - . ^ _ ` | ~"
            ),
            Self::Properties(text) => write!(
                f,
                "baggage properties are {text:?}, expected key or key=value, separated by `;`"
            ),
            Self::Members => {
                write!(f, "baggage has {BAGGAGE_MEMBERS_MAX} members and takes no more")
            }
            Self::MemberBytes(bytes) => write!(
                f,
                "baggage member has {bytes} bytes, expected at most {BAGGAGE_MEMBER_BYTES_MAX}"
            ),
            Self::Bytes(bytes) => {
                write!(f, "baggage has {bytes} bytes, expected at most {BAGGAGE_BYTES_MAX}")
            }
        }
    }
}

impl std::error::Error for BaggageError {}
