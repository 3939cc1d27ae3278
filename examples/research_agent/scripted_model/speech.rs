//! Turns a thought into the events of a stream: text, tool calls with their arguments bit by bit, token counts.
//!
//! Tokens are estimated as a quarter of the letters, the customary rule of thumb for English.

use super::mind::Thought;
use super::server::MODEL;
use crate::conversation::{
    ChatChunk, ChatRequest, Choice, Delta, FunctionCall, FunctionDelta, ToolCallDelta, ToolKind,
    Usage,
};
use sse_stream::Sse;

/// Letters in one event, about two tokens.
const PIECE_CHARS: usize = 9;
const CHARS_PER_TOKEN: usize = 4;

/// Returns the events of a reply to `chat`, the closing `[DONE]` among them.
pub(super) fn speak(chat: &ChatRequest, thought: Thought) -> Vec<Sse> {
    let usage = usage(chat, &thought);
    let reason = if thought.calls.is_empty() { "stop" } else { "tool_calls" };
    let round = chat.messages.len();
    let calls = (0..).zip(&thought.calls);
    let calls = calls.flat_map(|(index, call)| call_pieces(round, index, call));
    let mut chunks: Vec<_> = pieces(&thought.text).map(text_piece).chain(calls).collect();
    chunks.push(chunk(Delta::default(), Some(reason)));
    chunks.push(ChatChunk { usage: Some(usage), ..named() });
    chunks
        .iter()
        .map(|chunk| serde_json::json!(chunk).to_string())
        .chain(["[DONE]".to_owned()])
        .map(|data| Sse::default().data(data))
        .collect()
}

/// Returns the estimated tokens of the messages and the tool definitions.
pub(super) fn prompt_tokens(chat: &ChatRequest) -> u64 {
    let prompt = serde_json::json!([chat.messages, chat.tools]).to_string();
    tokens(&prompt)
}

fn usage(chat: &ChatRequest, thought: &Thought) -> Usage {
    let calls: u64 =
        thought.calls.iter().map(|call| tokens(&call.name) + tokens(&call.arguments)).sum();
    let prompt_tokens = prompt_tokens(chat);
    let completion_tokens = tokens(&thought.text) + calls;
    let total_tokens = prompt_tokens + completion_tokens;
    Usage { prompt_tokens, completion_tokens, total_tokens }
}

fn tokens(text: &str) -> u64 {
    text.chars().count().div_ceil(CHARS_PER_TOKEN) as u64
}

fn call_pieces(round: usize, index: usize, call: &FunctionCall) -> Vec<ChatChunk> {
    let beginning = ToolCallDelta {
        index,
        id: Some(format!("call_{round}_{index}")),
        kind: Some(ToolKind::Function),
        function: FunctionDelta { name: Some(call.name.clone()), arguments: Some(String::new()) },
    };
    let arguments = pieces(&call.arguments).map(|piece| ToolCallDelta {
        index,
        function: FunctionDelta { name: None, arguments: Some(piece) },
        ..ToolCallDelta::default()
    });
    std::iter::once(beginning)
        .chain(arguments)
        .map(|piece| Delta { tool_calls: Some(vec![piece]), ..Delta::default() })
        .map(|delta| chunk(delta, None))
        .collect()
}

fn text_piece(piece: String) -> ChatChunk {
    let delta = Delta { content: Some(piece), ..Delta::default() };
    chunk(delta, None)
}

fn chunk(delta: Delta, reason: Option<&str>) -> ChatChunk {
    let finish_reason = reason.map(str::to_owned);
    ChatChunk { choices: vec![Choice { index: 0, delta, finish_reason }], ..named() }
}

fn named() -> ChatChunk {
    ChatChunk { model: MODEL.to_owned(), ..ChatChunk::default() }
}

fn pieces(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut letters = text.chars();
    std::iter::from_fn(move || {
        let piece: String = letters.by_ref().take(PIECE_CHARS).collect();
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_are_the_whole_text_even_where_letters_have_many_bytes() {
        let text = "Größe ≤ 8, 環のサイズは八です。";
        assert_eq!(pieces(text).collect::<String>(), text);
        assert!(pieces(text).all(|piece| piece.chars().count() <= 9));
        assert_eq!(pieces("").count(), 0);
    }
}
