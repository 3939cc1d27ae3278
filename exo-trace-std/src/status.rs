//! What a caller thinks of a span: unset, ok, or an error with a reason.

use exo_trace_core::StatusCode;
use std::borrow::Cow;

/// A span's status, as it is set and as it is read.
///
/// Source: OpenTelemetry specification, "Set Status": only an error has a description.
///
/// ```
/// use exo_trace_std::Status;
///
/// assert_eq!(Status::error("no such file").description(), "no such file");
/// assert_eq!(Status::Ok.description(), "");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status<'a> {
    /// Nobody said.
    #[default]
    Unset,
    /// A success that somebody vouched for.
    Ok,
    /// An error, and why.
    Error(Cow<'a, str>),
}

impl<'a> Status<'a> {
    /// Returns an error with this description.
    pub fn error(description: impl Into<Cow<'a, str>>) -> Self {
        Self::Error(description.into())
    }

    /// Returns the status without its description.
    pub fn code(&self) -> StatusCode {
        match self {
            Self::Unset => StatusCode::Unset,
            Self::Ok => StatusCode::Ok,
            Self::Error(_) => StatusCode::Error,
        }
    }

    /// Returns why; empty unless it is an error.
    pub fn description(&self) -> &str {
        match self {
            Self::Error(description) => description,
            Self::Unset | Self::Ok => "",
        }
    }
}
