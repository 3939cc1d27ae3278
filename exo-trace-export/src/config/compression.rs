//! How what is sent to a collector is made shorter.

use super::ConfigError;
use super::error::Refusal;
use std::fmt;
use std::str::FromStr;

/// How what is sent to a collector is made shorter.
///
/// ```
/// use exo_trace_export::Compression;
///
/// assert_eq!("gzip".parse(), Ok(Compression::Gzip));
/// assert_eq!(Compression::default(), Compression::None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Compression {
    /// `none`: a collector on the same machine costs less without.
    #[default]
    None,
    /// `gzip`: every collector reads it.
    Gzip,
    /// `zstd`: faster and shorter than gzip, where the collector reads it; needs feature `zstd`.
    Zstd,
}

impl Compression {
    const ALL: [Self; 3] = [Self::None, Self::Gzip, Self::Zstd];

    /// Returns the compression's word: `none`, `gzip` or `zstd`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// Reads a compression's word in any case.
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let named = Self::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text));
        named.ok_or_else(|| Refusal::of_text(text, "gzip, zstd or none"))
    }

    /// Refuses, by the name it was `said` with, what this crate was compiled without.
    pub(super) fn checked(self, has_zstd: bool, said: impl fmt::Display) -> Result<Self, Refusal> {
        match self {
            Self::Zstd if !has_zstd => Err(Refusal::of(said, "gzip or none, or feature `zstd`")),
            known => Ok(known),
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Compression {
    type Err = ConfigError;

    /// Reads a compression's word in any case.
    fn from_str(text: &str) -> Result<Self, ConfigError> {
        Self::read(text).map_err(|refusal| refusal.in_field("compression"))
    }
}
