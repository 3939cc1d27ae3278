//! How spans travel to a collector.

use super::ConfigError;
use super::error::Refusal;
use std::fmt;
use std::str::FromStr;

/// How spans travel to a collector.
///
/// ```
/// use exo_trace_export::Protocol;
///
/// assert_eq!("http/protobuf".parse(), Ok(Protocol::HttpProtobuf));
/// assert_eq!(Protocol::Grpc.default_endpoint(), "http://localhost:4317");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// `grpc`: by custom on port 4317.
    #[default]
    Grpc,
    /// `http/protobuf`: by custom on port 4318.
    HttpProtobuf,
    /// `http/json`: by custom on port 4318.
    ///
    /// JSON has no number for `NaN` and the infinities. They travel as the strings `"NaN"`,
    /// `"Infinity"` and `"-Infinity"`, as protobuf's mapping to JSON has it. A collector that does not
    /// know that refuses the whole request, and its spans are counted as
    /// [`Losses::export_failed`](crate::Losses::export_failed).
    HttpJson,
}

impl Protocol {
    const ALL: [Self; 3] = [Self::Grpc, Self::HttpProtobuf, Self::HttpJson];

    /// Returns the protocol's word: `grpc`, `http/protobuf` or `http/json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::HttpProtobuf => "http/protobuf",
            Self::HttpJson => "http/json",
        }
    }

    /// Returns where a collector on this machine listens unless told otherwise.
    pub const fn default_endpoint(self) -> &'static str {
        match self {
            Self::Grpc => "http://localhost:4317",
            Self::HttpProtobuf | Self::HttpJson => "http://localhost:4318/v1/traces",
        }
    }

    /// Returns the protocol that custom puts on this port.
    pub(super) fn of_port(port: u16) -> Option<Self> {
        match port {
            4317 => Some(Self::Grpc),
            4318 => Some(Self::HttpProtobuf),
            _ => None,
        }
    }

    /// Reads a protocol's word in any case.
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let named = Self::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text));
        named.ok_or_else(|| Refusal::of_text(text, "grpc, http/protobuf or http/json"))
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Protocol {
    type Err = ConfigError;

    /// Reads a protocol's word in any case.
    fn from_str(text: &str) -> Result<Self, ConfigError> {
        Self::read(text).map_err(|refusal| refusal.in_field("protocol"))
    }
}
