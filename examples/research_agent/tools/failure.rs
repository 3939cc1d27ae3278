//! Why a tool call failed: a kind for machines, a line for people, and JSON for the model.
//!
//! The line always stands behind the kind (`not_found: NOTES.md`) and does not repeat it.

use super::calculator::CalculatorError;
use crate::library::FILE_BYTES_MAX;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::time::Duration;

/// A tool call that gave no result.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum ToolError {
    UnknownTool(String),
    BadArguments(String),
    TooManyCalls(usize),
    NotFound(String),
    NotAllowed(String),
    TooLarge(String, u64),
    NotText(String),
    Unreadable(String, io::Error),
    Calculation(CalculatorError),
    DeadlinePassed(Duration),
    Crashed(String),
}

impl ToolError {
    /// Returns the kind of failure, a word of low cardinality as `error.type` wants it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::UnknownTool(_) => "unknown_tool",
            Self::BadArguments(_) => "bad_arguments",
            Self::TooManyCalls(_) => "too_many_calls",
            Self::NotFound(_) => "not_found",
            Self::NotAllowed(_) => "not_allowed",
            Self::TooLarge(..) => "too_large",
            Self::NotText(_) => "not_text",
            Self::Unreadable(..) => "unreadable",
            Self::Calculation(_) => "bad_expression",
            Self::DeadlinePassed(_) => "deadline_passed",
            Self::Crashed(_) => "crashed",
        }
    }

    /// Returns what the model reads in place of a result.
    pub(crate) fn to_content(&self) -> String {
        serde_json::json!({ "error": self.kind(), "detail": self.to_string() }).to_string()
    }
}

impl From<CalculatorError> for ToolError {
    fn from(error: CalculatorError) -> Self {
        Self::Calculation(error)
    }
}

impl Display for ToolError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownTool(name) => {
                write!(f, "tool is \"{name}\", expected search, read_file, calculator or index_all")
            }
            Self::BadArguments(detail) => f.write_str(detail),
            Self::TooManyCalls(max) => write!(f, "left out, expected at most {max} calls at once"),
            Self::NotFound(path) => f.write_str(path),
            Self::NotAllowed(path) => {
                write!(f, "path is \"{path}\", expected one inside the directory, not hidden")
            }
            Self::TooLarge(path, bytes) => {
                write!(f, "\"{path}\" has {bytes} bytes, expected at most {FILE_BYTES_MAX}")
            }
            Self::NotText(path) => write!(f, "\"{path}\" is not UTF-8, expected text"),
            Self::Unreadable(path, error) => write!(f, "\"{path}\" can not be read: {error}"),
            Self::Calculation(error) => error.fmt(f),
            Self::DeadlinePassed(deadline) => {
                write!(f, "gave up after {} ms", deadline.as_millis())
            }
            Self::Crashed(detail) => write!(f, "the tool crashed: {detail}"),
        }
    }
}

impl std::error::Error for ToolError {}
