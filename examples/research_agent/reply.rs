//! Puts a streamed reply together: text, tool calls, token counts and why it ended.
//!
//! A tool call arrives in pieces that name its number; the pieces of two calls may alternate.

use crate::conversation::{
    ChatChunk, Delta, FunctionCall, Message, ToolCall, ToolCallDelta, ToolKind, Usage,
};
use crate::model::ModelError;

/// Tool calls taken from one reply; a server that sends more is refused.
const TOOL_CALLS_MAX: usize = 32;

/// A whole reply of the model.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) text: String,
    pub(crate) tool_calls: Vec<ToolCall>,
    /// Absent when the server does not report it.
    pub(crate) usage: Option<Usage>,
    /// `stop`, `tool_calls`, `length`, …; absent until the model has finished.
    pub(crate) finish_reason: Option<String>,
}

impl Reply {
    /// Adds one event of the stream.
    ///
    /// # Errors
    ///
    /// Refuses more than 32 tool calls.
    pub(crate) fn add(&mut self, chunk: ChatChunk) -> Result<(), ModelError> {
        self.usage = chunk.usage.or(self.usage);
        for choice in chunk.choices {
            self.finish_reason = choice.finish_reason.or(self.finish_reason.take());
            self.add_delta(choice.delta)?;
        }
        Ok(())
    }

    /// Returns the reply as the turn of a conversation.
    pub(crate) fn to_message(&self) -> Message {
        // Servers refuse a turn with neither: a reply that says nothing says an empty text.
        let is_absent = self.text.is_empty() && !self.tool_calls.is_empty();
        Message::Assistant {
            content: (!is_absent).then(|| self.text.clone()),
            tool_calls: self.tool_calls.clone(),
        }
    }

    fn add_delta(&mut self, delta: Delta) -> Result<(), ModelError> {
        self.text.push_str(&delta.content.unwrap_or_default());
        for piece in delta.tool_calls.unwrap_or_default() {
            self.add_piece(piece)?;
        }
        Ok(())
    }

    fn add_piece(&mut self, piece: ToolCallDelta) -> Result<(), ModelError> {
        let index = piece.index;
        if index >= TOOL_CALLS_MAX {
            let expected =
                format!("tool call number {index}, expected fewer than {TOOL_CALLS_MAX}");
            return Err(ModelError::Protocol(expected));
        }
        while self.tool_calls.len() <= index {
            self.tool_calls.push(unnamed_call(self.tool_calls.len()));
        }
        let call = &mut self.tool_calls[index];
        if let Some(id) = piece.id.filter(|id| !id.is_empty()) {
            call.id = id;
        }
        let function = piece.function;
        call.function.name.push_str(&function.name.unwrap_or_default());
        let arguments = function.arguments.unwrap_or_default();
        call.function.arguments.push_str(&arguments);
        Ok(())
    }
}

fn unnamed_call(index: usize) -> ToolCall {
    ToolCall {
        id: format!("call_{index}"),
        kind: ToolKind::Function,
        function: FunctionCall { name: String::new(), arguments: String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::{Reply, ToolCall};

    fn reply(events: &[&str]) -> Result<Reply, String> {
        let mut reply = Reply::default();
        for event in events {
            let chunk = serde_json::from_str(event).unwrap();
            reply.add(chunk).map_err(|error| error.to_string())?;
        }
        Ok(reply)
    }

    #[test]
    fn pieces_of_two_tool_calls_may_alternate() {
        let reply = reply(&[
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"search","arguments":""}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"calculator","arguments":"{\"exp"}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}},{"index":1,"function":{"arguments":"\":1}"}}]}}]}"#,
            r#"{"choices":[{"delta":{},"finish_reason":"tool_calls"}],"usage":null}"#,
            r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}"#,
        ])
        .unwrap();
        let told = |ToolCall { id, function, .. }| {
            format!("{id} {} {}", function.name, function.arguments)
        };
        let calls: Vec<_> = reply.tool_calls.into_iter().map(told).collect();
        assert_eq!(calls, ["a search {}", "b calculator {\"exp\":1}"]);
        assert_eq!(reply.finish_reason.as_deref(), Some("tool_calls"));
        assert_eq!(reply.usage.map(|usage| usage.total_tokens), Some(7));
    }

    #[test]
    fn a_tool_call_with_an_absurd_number_is_refused() {
        let event = r#"{"choices":[{"delta":{"tool_calls":[{"index":4000000000}]}}]}"#;
        let error = reply(&[event]).unwrap_err();
        assert!(error.contains("expected fewer than 32"), "{error}");
    }
}
