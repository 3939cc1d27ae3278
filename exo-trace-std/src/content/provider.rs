//! Messages as the providers' interfaces write them, turned into the conventions' form.
//!
//! Known are OpenAI's chat messages and Anthropic's, and the conventions' own form, which stays as it
//! is. What is not known becomes a part of its own type, so that nothing that was said is left out.

use super::part;
use serde_json::{Map, Value, json};

/// The role of a message that names none.
pub(super) const NO_ROLE: &str = "other";

/// Returns one message in the conventions' form.
pub(super) fn message(given: &Value) -> Value {
    let Some(fields) = given.as_object() else {
        return json!({"role": NO_ROLE, "parts": [other(given)]});
    };
    if fields.contains_key("parts") && fields.contains_key("role") {
        return given.clone();
    }
    let role = fields.get("role").and_then(Value::as_str).unwrap_or(NO_ROLE);
    let mut message = Map::new();
    message.insert("role".to_owned(), role.into());
    message.insert("parts".to_owned(), parts(role, fields).into());
    for kept in ["name", "finish_reason"] {
        if let Some(value) = fields.get(kept).filter(|value| !value.is_null()) {
            message.insert(kept.to_owned(), value.clone());
        }
    }
    Value::Object(message)
}

fn parts(role: &str, fields: &Map<String, Value>) -> Vec<Value> {
    let content = fields.get("content").unwrap_or(&Value::Null);
    if role == "tool" {
        let response = match content {
            Value::String(text) => part::read(text),
            content => content.clone(),
        };
        return vec![part::tool_response(text_of(fields, "tool_call_id"), response)];
    }
    let mut parts: Vec<Value> = match content {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(item).collect(),
        content => vec![other(content)],
    };
    let called = fields.get("tool_calls").and_then(Value::as_array);
    parts.extend(called.into_iter().flatten().map(call));
    parts
}

/// Returns one item of a list of content.
fn item(given: &Value) -> Value {
    let Some(fields) = given.as_object() else { return other(given) };
    let text = |name| text_of(fields, name);
    let any = |name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
    match text("type") {
        Some("text") => part::text(text("text").unwrap_or_default()),
        Some("image_url") => {
            let image = fields.get("image_url");
            let address = image.and_then(|image| image.get("url").unwrap_or(image).as_str());
            part::image(address.unwrap_or_default())
        }
        Some("tool_use") => {
            part::tool_call(text("id"), text("name").unwrap_or_default(), Some(any("input")))
        }
        Some("tool_result") => part::tool_response(text("tool_use_id"), any("content")),
        Some("thinking") => json!({"type": "reasoning", "content": any("thinking")}),
        _ => other(given),
    }
}

/// Returns one of OpenAI's calls of tools.
fn call(given: &Value) -> Value {
    let function = given.get("function").unwrap_or(given);
    let Some(name) = function.get("name").and_then(Value::as_str) else { return other(given) };
    let arguments = match function.get("arguments") {
        Some(Value::String(text)) => Some(part::read(text)),
        arguments => arguments.cloned(),
    };
    part::tool_call(given.get("id").and_then(Value::as_str), name, arguments)
}

/// Returns what has no form of its own: a text, an item that says its type, or any value.
fn other(given: &Value) -> Value {
    match given {
        Value::String(text) => part::text(text),
        Value::Object(fields) if fields.get("type").is_some_and(Value::is_string) => given.clone(),
        given => json!({"type": "other", "content": given}),
    }
}

fn text_of<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openai_s_messages_become_parts() {
        let asks = json!({"role": "user", "name": "ann", "content": [
            {"type": "text", "text": "what is this?"},
            {"type": "image_url", "image_url": {"url": "https://example.com/boat.png"}},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}},
        ]});
        assert_eq!(
            message(&asks),
            json!({"role": "user", "name": "ann", "parts": [
                {"type": "text", "content": "what is this?"},
                {"type": "uri", "modality": "image", "uri": "https://example.com/boat.png"},
                {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "aGk="},
            ]})
        );
        let calls = json!({"role": "assistant", "content": null, "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{\"n\": 1}"}},
            {"id": "b", "type": "function", "function": {"name": "g", "arguments": "{\"n\": "}},
        ]});
        assert_eq!(
            message(&calls),
            json!({"role": "assistant", "parts": [
                {"type": "tool_call", "id": "a", "name": "f", "arguments": {"n": 1}},
                {"type": "tool_call", "id": "b", "name": "g", "arguments": "{\"n\": "},
            ]})
        );
        let answer = json!({"role": "tool", "tool_call_id": "a", "content": "[1, 2]"});
        let part = json!({"type": "tool_call_response", "id": "a", "response": [1, 2]});
        assert_eq!(message(&answer), json!({"role": "tool", "parts": [part]}));
    }

    #[test]
    fn anthropic_s_messages_become_parts() {
        let said = json!({"role": "assistant", "content": [
            {"type": "thinking", "thinking": "a boat?"},
            {"type": "tool_use", "id": "a", "name": "f", "input": {"n": 1}},
            {"type": "tool_result", "tool_use_id": "a", "content": "two"},
        ]});
        assert_eq!(
            message(&said),
            json!({"role": "assistant", "parts": [
                {"type": "reasoning", "content": "a boat?"},
                {"type": "tool_call", "id": "a", "name": "f", "arguments": {"n": 1}},
                {"type": "tool_call_response", "id": "a", "response": "two"},
            ]})
        );
    }

    #[test]
    fn what_is_not_known_is_not_left_out() {
        let whole = json!({"role": "user", "parts": [{"type": "new", "content": 1}]});
        assert_eq!(message(&whole), whole);
        assert_eq!(
            message(&json!({"content": ["a", 1, {"type": "new", "b": 2}], "tool_calls": [{}]})),
            json!({"role": "other", "parts": [
                {"type": "text", "content": "a"},
                {"type": "other", "content": 1},
                {"type": "new", "b": 2},
                {"type": "other", "content": {}},
            ]})
        );
        let text = json!({"role": "other", "parts": [{"type": "text", "content": "a prompt"}]});
        assert_eq!(message(&json!("a prompt")), text);
    }
}
