//! Who is compared, each set up as its documentation says and at the settings that suit it best.

mod emit;
pub(crate) mod exo_trace;
mod fastrace;
mod opentelemetry;
mod tracing;

use crate::exported::load::{self, Load};
use crate::exported::meter::Usage;
use std::error::Error;
use std::time::Duration;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    ExoTrace,
    OpenTelemetry,
    Fastrace,
    Tracing,
    Emit,
}

impl Contender {
    pub(crate) const ALL: [Self; 5] =
        [Self::ExoTrace, Self::Fastrace, Self::OpenTelemetry, Self::Tracing, Self::Emit];

    pub(crate) fn named(name: &str) -> Result<Self, Box<dyn Error>> {
        let known = Self::ALL.into_iter().find(|contender| contender.name() == name);
        known.ok_or_else(|| format!("contender is {name:?}, which nobody is called").into())
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ExoTrace => "exo-trace",
            Self::OpenTelemetry => "opentelemetry",
            Self::Fastrace => "fastrace",
            Self::Tracing => "tracing",
            Self::Emit => "emit",
        }
    }

    /// How many spans it records in a round: some tenths of a second of processor time.
    pub(crate) fn spans(self) -> u64 {
        match self {
            Self::ExoTrace => 2_000_000,
            Self::OpenTelemetry | Self::Fastrace | Self::Tracing | Self::Emit => 200_000,
        }
    }

    /// Returns how long it has from one burst to the next.
    pub(crate) fn pace(self) -> Duration {
        match self {
            Self::Emit => emit::PACE,
            Self::ExoTrace | Self::OpenTelemetry | Self::Fastrace | Self::Tracing => load::PACE,
        }
    }

    /// Records and exports in this process.
    pub(crate) fn run(self, load: &Load, endpoint: &str) -> Result<Usage, Box<dyn Error>> {
        match self {
            Self::ExoTrace => exo_trace::run(load, endpoint),
            Self::OpenTelemetry => opentelemetry::run(load, endpoint),
            Self::Fastrace => fastrace::run(load, endpoint),
            Self::Tracing => tracing::run(load, endpoint),
            Self::Emit => emit::run(load, endpoint),
        }
    }
}
