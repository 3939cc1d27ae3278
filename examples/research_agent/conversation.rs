//! The chat-completions protocol as types: what is sent to a model, and the pieces it streams back.
//!
//! Both ends of the wire use them, the client and the scripted model. Fields that servers leave
//! out or send as `null` are optional; fields nobody here reads are not listed.
//! Source: the OpenAI API reference, "Chat" and "Streaming".

use exo_trace::{Messages, Piece};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One turn of a conversation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "lowercase")]
pub(crate) enum Message {
    System {
        content: String,
    },
    User {
        content: String,
    },
    Assistant {
        content: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<ToolCall>,
    },
    Tool {
        tool_call_id: String,
        content: String,
    },
}

/// The prompt logger counts a turn's text under its role, and the calls that the model made with it.
impl Messages for Message {
    fn message_count(&self) -> usize {
        1
    }

    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
        match self {
            Self::System { content } => take("system", Piece::Text(content)),
            Self::User { content } => take("user", Piece::Text(content)),
            Self::Tool { content, .. } => take("tool", Piece::Text(content)),
            Self::Assistant { content, tool_calls } => {
                take("assistant", Piece::Text(content.as_deref().unwrap_or_default()));
                for ToolCall { function, .. } in tool_calls {
                    take("assistant", Piece::Text(&function.name));
                    take("assistant", Piece::Text(&function.arguments));
                }
            }
        }
    }
}

/// A tool the model wants to be run; `function.arguments` is JSON that the model wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ToolCall {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: ToolKind,
    pub(crate) function: FunctionCall,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FunctionCall {
    pub(crate) name: String,
    pub(crate) arguments: String,
}

/// The only kind of tool that the protocol lets us bring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ToolKind {
    #[default]
    Function,
}

/// What the model is told about a tool: `parameters` is a JSON schema.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ToolDefinition {
    #[serde(rename = "type")]
    pub(crate) kind: ToolKind,
    pub(crate) function: FunctionDefinition,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FunctionDefinition {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) parameters: Value,
}

/// Whether the model may call tools in its next reply.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ToolChoice {
    Auto,
    None,
}

/// The body of `POST /chat/completions`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ChatRequest {
    pub(crate) model: String,
    pub(crate) messages: Vec<Message>,
    pub(crate) tools: Vec<ToolDefinition>,
    pub(crate) tool_choice: ToolChoice,
    pub(crate) stream: bool,
    pub(crate) stream_options: StreamOptions,
}

/// Asks for the token counts, which a stream leaves out by default.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StreamOptions {
    pub(crate) include_usage: bool,
}

/// One server-sent event of a streamed reply.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ChatChunk {
    #[serde(default)]
    pub(crate) model: String,
    #[serde(default)]
    pub(crate) choices: Vec<Choice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) usage: Option<Usage>,
    /// Some servers fail in the middle of a stream and say so in an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Value>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    pub(crate) index: u32,
    #[serde(default)]
    pub(crate) delta: Delta,
    pub(crate) finish_reason: Option<String>,
}

/// What one event adds to the reply.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Delta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tool_calls: Option<Vec<ToolCallDelta>>,
}

/// A piece of the tool call number `index`: first its id and name, then its arguments bit by bit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ToolCallDelta {
    #[serde(default)]
    pub(crate) index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<ToolKind>,
    #[serde(default)]
    pub(crate) function: FunctionDelta,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct FunctionDelta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) arguments: Option<String>,
}

/// Tokens of one call, as the server counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Usage {
    pub(crate) prompt_tokens: u64,
    pub(crate) completion_tokens: u64,
    pub(crate) total_tokens: u64,
}
