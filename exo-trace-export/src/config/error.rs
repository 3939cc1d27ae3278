//! A value that is refused: which, what it was, and what was expected instead.

use std::fmt;

/// How many characters of a refused text are shown.
const SHOWN_CHARS_MAX: usize = 120;

/// A value in code that a configuration can not have.
///
/// ```
/// use exo_trace_export::{ConfigError, TraceBackend};
///
/// let error: ConfigError = "jaeger".parse::<TraceBackend>().expect_err("no such backend");
/// assert_eq!(error.field, "backend");
/// assert_eq!(error.to_string(), r#"backend is "jaeger", expected otlp, memory or console"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// The field, by the name of the method that sets it.
    pub field: &'static str,
    /// The value as code would write it: text in quotes, secrets as `****`.
    pub value: String,
    /// What was expected instead.
    pub expected: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}, expected {}", self.field, self.value, self.expected)
    }
}

impl std::error::Error for ConfigError {}

/// A refused value before it is known who said it: code or the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) value: String,
    pub(super) expected: String,
}

impl Refusal {
    /// Refuses a value that is shown as it is.
    pub(super) fn of(value: impl fmt::Display, expected: impl Into<String>) -> Self {
        Self { value: value.to_string(), expected: expected.into() }
    }

    /// Refuses a text: shown in quotes, control characters escaped, cut when it is long.
    pub(super) fn of_text(value: &str, expected: impl Into<String>) -> Self {
        let shown: String = value.chars().take(SHOWN_CHARS_MAX).collect();
        let cut = if shown.len() < value.len() { "…" } else { "" };
        Self::of(format_args!("{shown:?}{cut}"), expected)
    }

    pub(super) fn in_field(self, field: &'static str) -> ConfigError {
        ConfigError { field, value: self.value, expected: self.expected }
    }
}
