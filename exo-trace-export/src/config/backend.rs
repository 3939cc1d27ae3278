//! Where spans go, by the three words of the documentation page.

use super::ConfigError;
use super::error::Refusal;
use std::fmt;
use std::str::FromStr;

/// Where spans go.
///
/// ```
/// use exo_trace_export::TraceBackend;
///
/// assert_eq!("Console".parse(), Ok(TraceBackend::Console));
/// assert_eq!(TraceBackend::default().as_str(), "otlp");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TraceBackend {
    /// `otlp`: a collector that speaks OTLP (Jaeger, Grafana, Phoenix and others), over gRPC or HTTP.
    ///
    /// Needs feature `otlp`, which the facade has by default. A collector that is away delays nobody:
    /// spans wait in a queue or a spool, both bounded, and what is lost is counted. The first failure
    /// is one line on standard error.
    #[default]
    Otlp,
    /// `memory`: kept in this process, for tests.
    Memory,
    /// `console`: printed to this process's stdout, for debugging; in the end with what it cost.
    Console,
}

impl TraceBackend {
    const ALL: [Self; 3] = [Self::Otlp, Self::Memory, Self::Console];

    /// Returns the backend's word: `otlp`, `memory` or `console`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Otlp => "otlp",
            Self::Memory => "memory",
            Self::Console => "console",
        }
    }

    /// Reads a backend's word in any case.
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let named =
            Self::ALL.into_iter().find(|backend| backend.as_str().eq_ignore_ascii_case(text));
        named.ok_or_else(|| Refusal::of_text(text, "otlp, memory or console"))
    }
}

impl fmt::Display for TraceBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for TraceBackend {
    type Err = ConfigError;

    /// Reads a backend's word in any case.
    fn from_str(text: &str) -> Result<Self, ConfigError> {
        Self::read(text).map_err(|refusal| refusal.in_field("backend"))
    }
}
