//! Messages as the providers' interfaces write them: JSON with a role, content and tool calls.
//!
//! Counted are `content` and `tool_calls` of each message, and nothing else: neither ids nor names
//! nor a provider's overhead per message. Of a list of content, items of type `text` count their
//! text, `image_url` counts 85, `tool_use` the field of that name, and any other item its text in
//! Python's notation, because the package that this follows counts that; an image as base64
//! is therefore counted letter by letter. Where the package would raise, as for a message that is
//! no map, the text in Python's notation is counted as well.

use super::messages::{IMAGE_TOKENS, Messages, Piece};
use super::python_text::python_str;
use crate::Transcript;
use serde_json::Value;

/// The role of a message that names none.
const NO_ROLE: &str = "other";

impl Messages for Value {
    fn message_count(&self) -> usize {
        match self {
            Self::Array(messages) => messages.len(),
            Self::Null => 0,
            _ => 1,
        }
    }

    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
        match self {
            Self::Array(messages) => {
                messages.iter().for_each(|message| take_message(message, take))
            }
            message => take_message(message, take),
        }
    }

    fn transcribe(&self, transcript: &mut Transcript) {
        transcript.provider_messages(self);
    }
}

fn take_message(message: &Value, take: &mut dyn FnMut(&str, Piece<'_>)) {
    let role = message.get("role").and_then(Value::as_str).unwrap_or(NO_ROLE);
    let take = &mut |piece: Piece<'_>| take(role, piece);
    let Some(fields) = message.as_object() else {
        return take_unless_null(Some(message), take);
    };
    match fields.get("content") {
        Some(Value::Array(items)) => items.iter().for_each(|item| take_item(item, take)),
        content => take_unless_null(content, take),
    }
    match fields.get("tool_calls") {
        Some(Value::Array(calls)) => calls.iter().for_each(|call| take_call(call, take)),
        calls => take_unless_false(calls, take),
    }
}

fn take_item(item: &Value, take: &mut dyn FnMut(Piece<'_>)) {
    match item.get("type").and_then(Value::as_str) {
        Some("text") => take_unless_null(item.get("text"), take),
        Some("image_url") => take(Piece::Tokens(IMAGE_TOKENS)),
        Some("tool_use") => take_any(item.get("tool_use"), take),
        _ => take_any(Some(item), take),
    }
}

fn take_call(call: &Value, take: &mut dyn FnMut(Piece<'_>)) {
    if !call.is_object() {
        return take_any(Some(call), take);
    }
    match call.get("function") {
        Some(Value::Object(function)) => {
            take_unless_null(function.get("name"), take);
            take_any(function.get("arguments"), take);
        }
        function => take_unless_null(function, take),
    }
}

/// Counts what is there, a null too: Python writes it `None`.
fn take_any(value: Option<&Value>, take: &mut dyn FnMut(Piece<'_>)) {
    if let Some(value) = value {
        take(Piece::Text(&python_str(value)));
    }
}

fn take_unless_null(value: Option<&Value>, take: &mut dyn FnMut(Piece<'_>)) {
    take_any(value.filter(|value| !value.is_null()), take);
}

/// Counts what Python holds for true.
fn take_unless_false(value: Option<&Value>, take: &mut dyn FnMut(Piece<'_>)) {
    let is_true = |value: &&Value| match value {
        Value::Null => false,
        Value::Bool(is_true) => *is_true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    };
    take_any(value.filter(is_true), take);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The pieces as text, a flat number in brackets.
    fn pieces(messages: &Value) -> Vec<String> {
        let mut pieces = Vec::new();
        messages.for_each_piece(&mut |role, piece| {
            pieces.push(match piece {
                Piece::Text(text) => format!("{role}: {text}"),
                Piece::Tokens(tokens) => format!("{role}: [{tokens}]"),
            });
        });
        pieces
    }

    #[test]
    fn content_is_a_text_a_list_or_anything_else() {
        let messages = json!([
            {"role": "user", "content": "hi"},
            {"role": "user", "content": ["hi", 2, null]},
            {"role": "user", "content": {"a": 1}},
            {"role": "user", "content": 3.0},
            {"role": "user", "content": false},
            {"role": "user", "content": null},
            {"role": "user"},
        ]);
        let expected = ["hi", "hi", "2", "None", "{'a': 1}", "3.0", "False"];
        assert_eq!(pieces(&messages), expected.map(|text| format!("user: {text}")));
        assert_eq!(messages.message_count(), 7);
    }

    #[test]
    fn items_count_by_their_type() {
        let messages = json!([{"role": "user", "content": [
            {"type": "text", "text": "look"},
            {"type": "text"},
            {"type": "text", "text": null},
            {"type": "image_url", "image_url": {"url": "https://example.com/boat.png"}},
            {"type": "tool_use", "name": "search", "input": {"topic": "boats"}},
            {"type": "tool_use", "tool_use": {"name": "search"}},
            {"type": "image", "source": "aGk="},
            {"kind": 1},
        ]}]);
        let expected = [
            "look",
            "[85]",
            "{'name': 'search'}",
            "{'source': 'aGk=', 'type': 'image'}",
            "{'kind': 1}",
        ];
        assert_eq!(pieces(&messages), expected.map(|text| format!("user: {text}")));
    }

    #[test]
    fn tool_calls_count_their_name_and_arguments_whatever_the_role() {
        let messages = json!([{"role": "tool", "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{\"a\": 1}"}},
            {"function": {"name": "g", "arguments": {"a": null}}},
            {"function": {"arguments": null}},
            {"function": null},
            {},
            "h",
        ]}]);
        let expected = ["f", "{\"a\": 1}", "g", "{'a': None}", "None", "h"];
        assert_eq!(pieces(&messages), expected.map(|text| format!("tool: {text}")));
    }

    #[test]
    fn tool_calls_that_are_no_list_count_when_python_holds_them_for_true() {
        for nothing in [json!(null), json!(false), json!(0), json!(""), json!([]), json!({})] {
            assert!(pieces(&json!({"role": "assistant", "tool_calls": nothing})).is_empty());
        }
        let something = json!({"role": "assistant", "tool_calls": {"a": [true]}});
        assert_eq!(pieces(&something), ["assistant: {'a': [True]}"]);
    }

    #[test]
    fn what_is_no_message_is_counted_all_the_same() {
        assert_eq!(pieces(&json!("a prompt")), ["other: a prompt"]);
        assert_eq!(pieces(&json!([["a"], {"content": "b"}])), ["other: ['a']", "other: b"]);
        assert_eq!(json!(null).message_count(), 0);
        assert!(pieces(&json!(null)).is_empty());
    }
}
