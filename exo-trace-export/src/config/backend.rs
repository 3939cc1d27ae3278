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
    /// `otlp`: an OpenTelemetry collector (Jaeger, Grafana and others). This version has no OTLP
    /// exporter: the console stands in for it, and one line on standard error says so.
    #[default]
    Otlp,
    /// `memory`: kept in this process, for tests.
    Memory,
    /// `console`: printed to this process's stdout, for debugging.
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
