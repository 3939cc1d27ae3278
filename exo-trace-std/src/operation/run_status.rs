//! How a run of an agent, or of a tool, came out.
//!
//! Nothing is written where a word of ours says it: the span's outcome is enough. A text of the caller's
//! own is, and whatever is said or happens after it takes its place.

use crate::Operation;
use exo_trace_core::{InternedKey, Outcome};

/// What `exo.agent.status` and `exo.tool.status` say.
///
/// ```
/// use exo_trace_std::RunStatus;
///
/// assert_eq!(RunStatus::from("success"), RunStatus::Success);
/// assert_eq!(RunStatus::from("needs approval").as_str(), "needs approval");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunStatus<'a> {
    /// It did what it was asked to: `success`.
    #[default]
    Success,
    /// It failed: `error`.
    Error,
    /// It was given up before its end: `cancelled`.
    Cancelled,
    /// Whatever else the caller calls it; no error.
    Other(&'a str),
}

impl<'a> RunStatus<'a> {
    /// Returns it as the attribute has it.
    pub const fn as_str(self) -> &'a str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Cancelled => "cancelled",
            Self::Other(text) => text,
        }
    }
}

impl<'a> From<&'a str> for RunStatus<'a> {
    fn from(text: &'a str) -> Self {
        match text {
            "success" => Self::Success,
            "error" => Self::Error,
            "cancelled" => Self::Cancelled,
            other => Self::Other(other),
        }
    }
}

/// Where the spans of one kind say how they came out.
#[derive(Debug)]
pub(super) struct StatusOf {
    pub(super) key: &'static InternedKey,
    /// The class of an error that nobody named.
    pub(super) unnamed: &'static str,
}

/// The status that is written of one span.
#[derive(Debug, Default)]
pub(super) struct WrittenStatus {
    /// What the end was to be when it was written; none where nothing is.
    under: Option<Outcome>,
}

impl WrittenStatus {
    /// Says how a run came out; what is no word of ours is written as it is.
    ///
    /// An error that was told of cannot be taken back: its event is written, and a span shall not be
    /// called a success beside it.
    pub(super) fn tell(&mut self, span: &mut Operation, of: &StatusOf, status: RunStatus<'_>) {
        let has_failed = span.conclusion() == Some(Outcome::Error);
        match status {
            RunStatus::Error => span.fail_unnamed(of.unnamed),
            RunStatus::Other(_) if has_failed => {}
            _ if has_failed => return,
            RunStatus::Success | RunStatus::Other(_) => span.conclude(Outcome::Ended),
            RunStatus::Cancelled => span.conclude(Outcome::Cancelled),
        }
        if self.under.is_some() || matches!(status, RunStatus::Other(_)) {
            span.say(of.key, status.as_str().into());
            self.under = span.conclusion();
        }
    }

    /// Puts `error` in the place of a status that was written before an error or a panic: for the end
    /// of the span.
    #[inline(always)]
    pub(super) fn settle(&self, span: &mut Operation, of: &StatusOf) {
        if let Some(under) = self.under
            && span.outcome() != under
        {
            span.say(of.key, RunStatus::Error.as_str().into());
        }
    }
}
