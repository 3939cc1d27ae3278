//! A conversation as the GenAI conventions write it: messages of parts, each part with its type.
//!
//! Source: OpenTelemetry GenAI conventions, `gen_ai.input.messages` and `gen_ai.output.messages`.

use super::{part, provider};
use serde_json::{Value, json};

/// A conversation that is written down, message by message.
///
/// ```
/// use exo_trace_std::{Messages, Piece, Transcript};
///
/// struct Question(String);
///
/// impl Messages for Question {
///     fn message_count(&self) -> usize {
///         1
///     }
///
///     fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
///         take("user", Piece::Text(&self.0));
///     }
///
///     fn transcribe(&self, transcript: &mut Transcript) {
///         transcript.message("user").text(&self.0);
///     }
/// }
///
/// let mut transcript = Transcript::new();
/// Question("why rings?".into()).transcribe(&mut transcript);
/// let message = r#"[{"parts":[{"content":"why rings?","type":"text"}],"role":"user"}]"#;
/// assert_eq!(transcript.to_string(), message);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcript {
    messages: Vec<Value>,
}

impl Transcript {
    /// Returns a conversation in which nothing was said.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a message; what follows is part of it.
    pub fn message(&mut self, role: &str) -> &mut Self {
        self.messages.push(json!({"role": role, "parts": []}));
        self
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.part(part::text(text))
    }

    /// Adds an image that is not shown.
    pub fn image(&mut self) -> &mut Self {
        self.part(json!({"type": "image"}))
    }

    /// Adds a call of a tool, its arguments as the text the model wrote.
    pub fn tool_call(&mut self, id: Option<&str>, name: &str, arguments: &str) -> &mut Self {
        self.part(part::tool_call(id, name, Some(part::read(arguments))))
    }

    /// Adds what a tool answered, as text or JSON.
    pub fn tool_response(&mut self, id: Option<&str>, response: &str) -> &mut Self {
        self.part(part::tool_response(id, part::read(response)))
    }

    /// Adds a message as a provider's interface writes it, or all of a list of them.
    pub(crate) fn provider_messages(&mut self, messages: &Value) {
        match messages {
            Value::Array(messages) => self.messages.extend(messages.iter().map(provider::message)),
            Value::Null => {}
            message => self.messages.push(provider::message(message)),
        }
    }

    /// Returns instructions as the conventions write them: a list of parts.
    pub(crate) fn parts_of(text: &str) -> String {
        Value::from(vec![part::text(text)]).to_string()
    }

    /// Goes on with a message of this role, or begins one.
    pub(crate) fn message_of(&mut self, role: &str) -> &mut Self {
        let last = self.messages.last().and_then(|message| message.get("role"));
        if last.and_then(Value::as_str) == Some(role) { self } else { self.message(role) }
    }

    fn part(&mut self, part: Value) -> &mut Self {
        if self.messages.is_empty() {
            self.message(provider::NO_ROLE);
        }
        let parts = self.messages.last_mut().and_then(|last| last.get_mut("parts"));
        if let Some(parts) = parts.and_then(Value::as_array_mut) {
            parts.push(part);
        }
        self
    }
}

/// The JSON.
impl std::fmt::Display for Transcript {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[")?;
        for (place, message) in self.messages.iter().enumerate() {
            write!(f, "{}{message}", if place == 0 { "" } else { "," })?;
        }
        f.write_str("]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_belong_to_the_message_before_them() {
        let mut transcript = Transcript::new();
        transcript.message("assistant").text("").tool_call(Some("a"), "f", r#"{"n": 1}"#);
        transcript.message("tool").tool_response(Some("a"), "no JSON");
        let call = json!({"type": "tool_call", "id": "a", "name": "f", "arguments": {"n": 1}});
        let response = json!({"type": "tool_call_response", "id": "a", "response": "no JSON"});
        let expected = json!([
            {"role": "assistant", "parts": [{"type": "text", "content": ""}, call]},
            {"role": "tool", "parts": [response]},
        ]);
        assert_eq!(transcript.to_string(), expected.to_string());
        assert_eq!(Transcript::new().to_string(), "[]");
    }

    #[test]
    fn a_part_without_a_message_begins_one() {
        let mut transcript = Transcript::new();
        transcript.text("a").message_of("other").image();
        assert_eq!(transcript.messages.len(), 1);
    }
}
