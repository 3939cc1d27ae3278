//! The types of OpenAI's client count what the same messages count as JSON.
#![cfg(feature = "async-openai")]

use async_openai::types::chat::{ChatCompletionRequestMessage, CreateChatCompletionRequest};
use exo_trace_std::{Messages, TokenBreakdown, compute_token_breakdown};
use serde_json::{Value, json};

/// A conversation with every kind of message, content as text and as parts, images and calls.
fn conversation() -> Value {
    json!([
        {"role": "developer", "content": "You answer briefly."},
        {"role": "system", "content": [{"type": "text", "text": "You know tides."}]},
        {"role": "user", "content": [
            {"type": "text", "text": "How fast does it rise here?"},
            {"type": "image_url", "image_url": {"url": "https://example.com/pier.png"}},
            {"type": "input_audio", "input_audio": {"data": "aGVsbG8=", "format": "wav"}},
        ]},
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "call_1", "type": "function",
             "function": {"name": "gauge", "arguments": "{\"pier\": 7}"}},
        ]},
        {"role": "tool", "content": "0.9 m in the last hour", "tool_call_id": "call_1"},
        {"role": "assistant", "content": "About 0.9 metres an hour."},
        {"role": "function", "content": "nothing", "name": "old"},
    ])
}

fn typed(json: Value) -> Vec<ChatCompletionRequestMessage> {
    serde_json::from_value(json).expect("the messages are those of the interface")
}

#[test]
fn typed_messages_count_as_their_json() {
    let messages = typed(conversation());
    let breakdown = compute_token_breakdown(&messages);
    assert_eq!(breakdown, compute_token_breakdown(&conversation()));
    assert_eq!(messages.message_count(), 7);
    assert_eq!(breakdown.assistant_tokens, 1 + 2 + 6);
    assert_eq!(breakdown.tool_tokens, 5);
    assert_eq!(breakdown.other_tokens, 4 + 1, "developer and function are other");
}

#[test]
fn a_request_counts_its_messages() {
    let messages = typed(conversation());
    let request = CreateChatCompletionRequest { messages, ..Default::default() };
    assert_eq!(request.message_count(), 7);
    assert_eq!(compute_token_breakdown(&request), compute_token_breakdown(&conversation()));
}

#[test]
fn an_empty_conversation_is_empty() {
    assert_eq!(compute_token_breakdown(&typed(json!([]))), TokenBreakdown::default());
}
