//! Who is compared on the calling thread, each in a process of its own and at its own best settings.

mod disabled;
mod emit;
pub(crate) mod exo_trace;
mod fastrace;
mod opentelemetry;
mod perfetto_recorder;
mod tracing;
mod tracy;
mod unsampled;
mod veecle;

use crate::contender::{About, Contender};
use std::error::Error;

/// How a contender is called on the command line and in the figures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Name {
    ExoTrace,
    Unsampled,
    Disabled,
    PerfettoRecorder,
    Fastrace,
    Tracy,
    Veecle,
    Emit,
    OpenTelemetry,
    Tracing,
}

impl Name {
    pub(crate) const ALL: [Self; 10] = [
        Self::ExoTrace,
        Self::Unsampled,
        Self::Disabled,
        Self::PerfettoRecorder,
        Self::Fastrace,
        Self::Tracy,
        Self::Veecle,
        Self::Emit,
        Self::OpenTelemetry,
        Self::Tracing,
    ];

    /// Those that others wrote.
    pub(crate) fn rivals() -> impl Iterator<Item = Self> {
        let ours = [Self::ExoTrace, Self::Unsampled, Self::Disabled];
        Self::ALL.into_iter().filter(move |name| !ours.contains(name))
    }

    pub(crate) fn named(text: &str) -> Result<Self, Box<dyn Error>> {
        let known = Self::ALL.into_iter().find(|name| name.text() == text);
        known.ok_or_else(|| format!("contender is {text:?}, which nobody is called").into())
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::ExoTrace => "exo-trace",
            Self::Unsampled => "exo-trace, unsampled",
            Self::Disabled => "exo-trace, disabled",
            Self::PerfettoRecorder => "perfetto-recorder",
            Self::Fastrace => "fastrace",
            Self::Tracy => "tracy-client",
            Self::Veecle => "veecle-telemetry",
            Self::Emit => "emit",
            Self::OpenTelemetry => "OpenTelemetry SDK",
            Self::Tracing => "tracing + OTel",
        }
    }

    /// Sets it up in this process.
    pub(crate) fn set_up(self) -> Result<Contender, Box<dyn Error>> {
        match self {
            Self::ExoTrace => Ok(exo_trace::set_up()),
            Self::Unsampled => Ok(unsampled::set_up()),
            Self::Disabled => Ok(disabled::set_up()),
            Self::PerfettoRecorder => perfetto_recorder::set_up(),
            Self::Fastrace => Ok(fastrace::set_up()),
            Self::Tracy => tracy::set_up(),
            Self::Veecle => veecle::set_up(),
            Self::Emit => emit::set_up(),
            Self::OpenTelemetry => Ok(opentelemetry::set_up()),
            Self::Tracing => tracing::set_up(),
        }
    }

    pub(crate) fn about(self) -> &'static About {
        match self {
            Self::ExoTrace => &exo_trace::ABOUT,
            Self::Unsampled => &unsampled::ABOUT,
            Self::Disabled => &disabled::ABOUT,
            Self::PerfettoRecorder => &perfetto_recorder::ABOUT,
            Self::Fastrace => &fastrace::ABOUT,
            Self::Tracy => &tracy::ABOUT,
            Self::Veecle => &veecle::ABOUT,
            Self::Emit => &emit::ABOUT,
            Self::OpenTelemetry => &opentelemetry::ABOUT,
            Self::Tracing => &tracing::ABOUT,
        }
    }
}
