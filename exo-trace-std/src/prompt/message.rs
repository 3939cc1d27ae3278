//! A message as this library's own small type, for programs that have no JSON at hand.

use super::messages::{IMAGE_TOKENS, Messages, Piece};
use crate::Transcript;
use std::borrow::Cow;

/// One message of a conversation: who says it, its texts and images, the tools it calls.
///
/// ```
/// use exo_trace_std::{Message, compute_token_breakdown};
///
/// let messages = [
///     Message::system("You answer briefly."),
///     Message::user("What is on this picture?").with_image(),
///     Message::assistant("").with_tool_call("look", r#"{"at": "picture"}"#),
///     Message::tool("A boat."),
/// ];
/// let breakdown = compute_token_breakdown(&messages);
/// assert_eq!(breakdown.user_tokens, 6 + 85);
/// assert_eq!(breakdown.assistant_tokens, 1 + 4);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    role: Cow<'a, str>,
    parts: Vec<Part<'a>>,
    tool_calls: Vec<ToolCall<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part<'a> {
    Text(Cow<'a, str>),
    Image,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct ToolCall<'a> {
    name: Cow<'a, str>,
    arguments: Cow<'a, str>,
}

impl<'a> Message<'a> {
    /// Makes a message of any role; roles besides the four below count as other.
    pub fn new(role: impl Into<Cow<'a, str>>, text: impl Into<Cow<'a, str>>) -> Self {
        let parts = vec![Part::Text(text.into())];
        Self { role: role.into(), parts, tool_calls: Vec::new() }
    }

    /// Makes a message that tells the model what it is.
    pub fn system(text: impl Into<Cow<'a, str>>) -> Self {
        Self::new("system", text)
    }

    /// Makes a message of the user.
    pub fn user(text: impl Into<Cow<'a, str>>) -> Self {
        Self::new("user", text)
    }

    /// Makes a message of the model.
    pub fn assistant(text: impl Into<Cow<'a, str>>) -> Self {
        Self::new("assistant", text)
    }

    /// Makes a message with what a tool returned.
    pub fn tool(text: impl Into<Cow<'a, str>>) -> Self {
        Self::new("tool", text)
    }

    /// Adds another text, counted apart from the ones before.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        self.parts.push(Part::Text(text.into()));
        self
    }

    /// Adds an image: 85 tokens, whatever its size.
    #[must_use]
    pub fn with_image(mut self) -> Self {
        self.parts.push(Part::Image);
        self
    }

    /// Adds a call of a tool, its arguments as the text the model wrote.
    #[must_use]
    pub fn with_tool_call(
        mut self,
        name: impl Into<Cow<'a, str>>,
        arguments: impl Into<Cow<'a, str>>,
    ) -> Self {
        self.tool_calls.push(ToolCall { name: name.into(), arguments: arguments.into() });
        self
    }
}

impl Messages for Message<'_> {
    fn message_count(&self) -> usize {
        1
    }

    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
        for part in &self.parts {
            match part {
                Part::Text(text) => take(&self.role, Piece::Text(text)),
                Part::Image => take(&self.role, Piece::Tokens(IMAGE_TOKENS)),
            }
        }
        for call in &self.tool_calls {
            take(&self.role, Piece::Text(&call.name));
            take(&self.role, Piece::Text(&call.arguments));
        }
    }

    fn transcribe(&self, transcript: &mut Transcript) {
        let message = transcript.message(&self.role);
        for part in &self.parts {
            match part {
                Part::Text(text) if self.role == "tool" => message.tool_response(None, text),
                Part::Text(text) if text.is_empty() && !self.tool_calls.is_empty() => continue,
                Part::Text(text) => message.text(text),
                Part::Image => message.image(),
            };
        }
        for call in &self.tool_calls {
            message.tool_call(None, &call.name, &call.arguments);
        }
    }
}
