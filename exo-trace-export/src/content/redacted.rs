//! One content as the program's rule leaves it: every text in its JSON is shown to the rule.
//!
//! Text by text, so that it stays JSON whatever the rule answers. Shown are strings, numbers, and the
//! names of fields; of a message, not its role and its parts' types, nor the conventions' own names,
//! which say nothing of what was said and without which nobody could read it.

use exo_trace_std::{Redaction, Redactor};
use serde_json::{Map, Value};

/// What a message or a part says of its form.
const FORM: [&str; 5] = ["role", "finish_reason", "type", "modality", "mime_type"];
/// The other names that messages and parts have in the conventions.
const NAMES: [&str; 9] =
    ["parts", "name", "content", "id", "arguments", "response", "uri", "file_id", "transcript"];

/// The rule panicked.
#[derive(Debug)]
pub(super) struct Panicked;

pub(super) struct Redacted<'a> {
    redactor: &'a Redactor,
    key: &'static str,
}

/// What a value is in the conventions.
#[derive(Clone, Copy)]
enum Place {
    /// A message, a part, or a list of them: its names are the conventions'.
    Known,
    /// What the program or the model made up.
    Any,
}

impl<'a> Redacted<'a> {
    pub(super) fn new(redactor: &'a Redactor, key: &'static str) -> Self {
        Self { redactor, key }
    }

    /// Redacts a content: what stands in it afterwards was shown to the rule, or comes from it.
    pub(super) fn redact(&self, content: &mut Value) -> Result<(), Panicked> {
        let of_tool = self.key.starts_with("gen_ai.tool.");
        self.value(content, if of_tool { Place::Any } else { Place::Known }, None)
    }

    /// No deeper than JSON can be read.
    fn value(&self, value: &mut Value, place: Place, field: Option<&str>) -> Result<(), Panicked> {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => {
                if let Some(text) = self.shown(&number.to_string(), field)? {
                    *value = Value::String(text);
                }
            }
            Value::String(text) => {
                if let Some(redacted) = self.shown(text, field)? {
                    *text = redacted;
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.value(item, place, field)?;
                }
            }
            Value::Object(fields) => match place {
                Place::Known => self.known(fields, field)?,
                Place::Any => self.any(fields, field)?,
            },
        }
        Ok(())
    }

    fn known(&self, fields: &mut Map<String, Value>, field: Option<&str>) -> Result<(), Panicked> {
        let (mut form, mut others) = (Map::new(), Map::new());
        for (name, mut value) in std::mem::take(fields) {
            if FORM.contains(&name.as_str()) && value.is_string() {
                form.insert(name, value);
            } else if FORM.contains(&name.as_str()) || NAMES.contains(&name.as_str()) {
                let place = if name == "parts" { Place::Known } else { Place::Any };
                self.value(&mut value, place, Some(&name))?;
                form.insert(name, value);
            } else {
                others.insert(name, value);
            }
        }
        self.any(&mut others, field)?;
        // No name that the rule makes takes the place of what a reader needs.
        others.extend(form);
        *fields = others;
        Ok(())
    }

    fn any(&self, fields: &mut Map<String, Value>, field: Option<&str>) -> Result<(), Panicked> {
        for (name, mut value) in std::mem::take(fields) {
            self.value(&mut value, Place::Any, Some(&name))?;
            let shown = self.shown(&name, field)?;
            fields.insert(shown.unwrap_or(name), value);
        }
        Ok(())
    }

    /// Returns what is to stand in the place of a text, unless the text itself.
    fn shown(&self, text: &str, field: Option<&str>) -> Result<Option<String>, Panicked> {
        let place = Redaction::new(self.key, field);
        let redacted = self.redactor.redacted(&place, text).ok_or(Panicked)?;
        Ok((redacted != text).then(|| redacted.into_owned()))
    }
}
