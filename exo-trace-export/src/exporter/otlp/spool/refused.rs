//! Why the spool did not take a request.

use super::REQUEST_BYTES_MAX;
use std::fmt;
use std::io;

/// Why the spool did not take a request; it is as it was before.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It holds `bytes` of the `bytes_max` it may, and was to take `more`.
    Full { bytes: u64, bytes_max: u64, more: u64 },
    /// The request has so many bytes, more than [`REQUEST_BYTES_MAX`].
    TooLong(usize),
    /// The disk did not take it: full, gone, or not to be written.
    Io(io::Error),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { bytes, bytes_max, more } => {
                write!(
                    f,
                    "spool is full with {bytes} of {bytes_max} bytes, expected room for {more}"
                )
            }
            Self::TooLong(bytes) => {
                write!(f, "request has {bytes} bytes, expected at most {REQUEST_BYTES_MAX}")
            }
            Self::Io(error) => write!(f, "spool could not be written: {error}"),
        }
    }
}

impl std::error::Error for Refused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Full { .. } | Self::TooLong(_) => None,
            Self::Io(error) => Some(error),
        }
    }
}
