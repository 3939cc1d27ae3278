//! The laws by name, and what is said of a trace that breaks one.

use std::fmt;

/// What every trace may be held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Law {
    EndsOnce,
    TimeRunsForward,
    AKeyStandsOnce,
    LooksLikeItsEnd,
    OneTraceOneRoot,
    StandsInItsParentsTrace,
    BeginsWithinItsParent,
    ParentsExist,
    FactsAreKeptOrCounted,
    SpansAreDeliveredOrCounted,
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EndsOnce => "a span ends once",
            Self::TimeRunsForward => "time runs forward",
            Self::AKeyStandsOnce => "a key stands once",
            Self::LooksLikeItsEnd => "a span looks like what became of it",
            Self::OneTraceOneRoot => "a trace has one root",
            Self::StandsInItsParentsTrace => "a child stands in its parent's trace",
            Self::BeginsWithinItsParent => "a child begins within its parent",
            Self::ParentsExist => "a parent exists, is remote, or is counted as lost",
            Self::FactsAreKeptOrCounted => "a fact is kept or counted, and not both",
            Self::SpansAreDeliveredOrCounted => "a span is delivered or counted, and not both",
        })
    }
}

/// A law, and how it was broken.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    pub(crate) law: Law,
    how: String,
}

impl Broken {
    /// Returns `Ok` where the law is kept; what is said otherwise is written only then.
    pub(crate) fn unless(
        is_kept: bool,
        law: Law,
        how: impl FnOnce() -> String,
    ) -> Result<(), Self> {
        if is_kept { Ok(()) } else { Err(Self { law, how: how() }) }
    }

    /// Says of which span it is said.
    pub(crate) fn of(self, span: &impl fmt::Display) -> Self {
        Self { how: format!("{}: {span}", self.how), ..self }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.law, self.how)
    }
}
