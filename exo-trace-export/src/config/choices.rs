//! The one rule of every field: code, else environment, else default; and a protocol of it.
//!
//! A field is read in one place, once, for `init` and for `effective()` alike, so that what is
//! printed is what is in force. Nothing here stops at the first bad value: code's are collected so
//! that all fields can still be shown, the environment's become notes.

use super::ConfigError;
use super::error::Refusal;
use super::surroundings::Surroundings;
use std::fmt;

/// Who decided a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Code,
    Environment(&'static str),
    /// The port of the endpoint, which decides the protocol.
    EndpointPort(u16),
    /// This process or this machine, asked about itself.
    Detected,
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code => f.write_str("code"),
            Self::Environment(variable) => write!(f, "environment {variable}"),
            Self::EndpointPort(port) => write!(f, "port {port} of the endpoint"),
            Self::Detected => f.write_str("detected"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// One field as it is shown: control characters escaped, secrets masked already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) source: String,
}

/// What has been decided so far, and by whom.
pub(super) struct Choices<'a> {
    pub(super) surroundings: &'a Surroundings<'a>,
    pub(super) lines: Vec<Line>,
    pub(super) notes: Vec<String>,
    /// The first value in code that was refused.
    pub(super) refused: Option<ConfigError>,
}

impl<'a> Choices<'a> {
    pub(super) fn new(surroundings: &'a Surroundings<'a>) -> Self {
        Self { surroundings, lines: Vec::new(), notes: Vec::new(), refused: None }
    }

    /// Takes what code gave, else what the first sound of `variables` says; `None` means default.
    pub(super) fn take<T>(
        &mut self,
        field: &'static str,
        given: Option<Result<T, Refusal>>,
        variables: &[&'static str],
        read: impl Fn(&str) -> Result<T, Refusal>,
    ) -> Option<(T, Source)> {
        match given {
            Some(given) => Some((self.take_code(field, given)?, Source::Code)),
            None => self.take_first(variables, read),
        }
    }

    /// Takes the first sound of `variables`.
    pub(super) fn take_first<T>(
        &mut self,
        variables: &[&'static str],
        read: impl Fn(&str) -> Result<T, Refusal>,
    ) -> Option<(T, Source)> {
        variables.iter().find_map(|variable| self.take_variable(variable, &read))
    }

    /// Takes a value from code, or refuses it.
    pub(super) fn take_code<T>(
        &mut self,
        field: &'static str,
        given: Result<T, Refusal>,
    ) -> Option<T> {
        let refusal = match given {
            Ok(value) => return Some(value),
            Err(refusal) => refusal,
        };
        let source = format!("code, refused: expected {}", refusal.expected);
        self.add_line(field, &refusal.value, source);
        self.refused.get_or_insert(refusal.in_field(field));
        None
    }

    /// Takes a variable that is set, not empty and sound; a bad value leaves a note.
    pub(super) fn take_variable<T>(
        &mut self,
        variable: &'static str,
        read: impl Fn(&str) -> Result<T, Refusal>,
    ) -> Option<(T, Source)> {
        let text = (self.surroundings.environment)(variable)?;
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        match read(text) {
            Ok(value) => Some((value, Source::Environment(variable))),
            Err(refusal) => {
                self.note(variable, refusal);
                None
            }
        }
    }

    /// Notes a value in the environment that is not followed.
    pub(super) fn note(&mut self, variable: &'static str, refusal: Refusal) {
        self.notes.push(refusal.in_field(variable).to_string());
    }

    /// Shows a field; one that was refused keeps the line that says so.
    pub(super) fn show(&mut self, name: &str, value: impl fmt::Display, source: Source) {
        if self.lines.iter().all(|line| line.name != name) {
            self.add_line(name, &value.to_string(), source.to_string());
        }
    }

    fn add_line(&mut self, name: &str, value: &str, source: String) {
        let (name, value) = (printable(name), printable(value));
        self.lines.push(Line { name, value, source });
    }
}

/// Escapes what would break a line or move a terminal's cursor.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}
