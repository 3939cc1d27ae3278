//! Which spans say where in the source they are made.

use super::choices::{Choices, Source};
use super::error::Refusal;
use super::{ConfigError, TraceConfig};
use exo_trace_core::CallsiteFacts;
use std::fmt;
use std::str::FromStr;

/// No variable of OpenTelemetry's says it.
const VARIABLE: &str = "EXO_TRACE_CODE_ATTRIBUTES";
const EXPECTED: &str = "functions, all or none";

/// Which spans have `code.function.name`, `code.file.path` and `code.line.number`.
///
/// They are known when the program is built and cost the call site nothing, but they are some 130
/// bytes of each span: half of a span with two attributes, on the wire and in storage.
/// [`SpanData::attribute`](crate::SpanData::attribute) answers to them either way.
///
/// ```
/// use exo_trace_export::CodeAttributes;
///
/// assert_eq!("all".parse(), Ok(CodeAttributes::All));
/// assert_eq!(CodeAttributes::default(), CodeAttributes::Functions);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodeAttributes {
    /// `functions`: spans that stand for a function, which `#[traced]` makes.
    #[default]
    Functions,
    /// `all`: every span, also those that are begun inside of a function.
    All,
    /// `none`: no span.
    None,
}

impl CodeAttributes {
    const ALL: [Self; 3] = [Self::Functions, Self::All, Self::None];

    /// Returns the word for it: `functions`, `all` or `none`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Functions => "functions",
            Self::All => "all",
            Self::None => "none",
        }
    }

    /// Tells whether the spans of a call site have them.
    pub(crate) const fn are_of(self, callsite: &CallsiteFacts) -> bool {
        match self {
            Self::Functions => !callsite.function.is_empty(),
            Self::All => true,
            Self::None => false,
        }
    }

    fn read(text: &str) -> Result<Self, Refusal> {
        let known = Self::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text));
        known.ok_or_else(|| Refusal::of_text(text, EXPECTED))
    }
}

impl fmt::Display for CodeAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for CodeAttributes {
    type Err = ConfigError;

    /// Reads a word in any case.
    fn from_str(text: &str) -> Result<Self, ConfigError> {
        Self::read(text).map_err(|refusal| refusal.in_field("code_attributes"))
    }
}

impl TraceConfig {
    /// Decides which spans say where they are made.
    pub(super) fn choose_code_attributes(&self, choices: &mut Choices<'_>) -> CodeAttributes {
        let given = self.code_attributes.map(Ok);
        let taken = choices.take("code_attributes", given, &[VARIABLE], CodeAttributes::read);
        let (chosen, source) = taken.unwrap_or((CodeAttributes::default(), Source::Default));
        choices.show("code_attributes", chosen, source);
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws::{in_environment, resolved};
    use super::*;

    #[test]
    fn code_wins_over_the_variable_and_a_word_that_is_none_of_them_is_named() {
        let variable = [(VARIABLE, "All")];
        assert_eq!(in_environment(&[]).code_attributes, CodeAttributes::Functions);
        assert_eq!(in_environment(&variable).code_attributes, CodeAttributes::All);
        let config = TraceConfig::default().code_attributes(CodeAttributes::None);
        assert_eq!(resolved(&config, &variable).code_attributes, CodeAttributes::None);
        let noted = in_environment(&[(VARIABLE, "some")]);
        let message = format!(r#"{VARIABLE} is "some", expected {EXPECTED}"#);
        assert_eq!(
            (noted.code_attributes, noted.notes),
            (CodeAttributes::Functions, vec![message])
        );
    }
}
