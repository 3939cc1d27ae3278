//! How a run of an agent, or of a tool, came out.

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
