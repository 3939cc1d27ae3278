//! The parts of a message, as the conventions write them.
//!
//! Source: OpenTelemetry GenAI conventions, the JSON schemas of input and output messages.

use serde_json::{Map, Value, json};

/// Returns a part that is text.
pub(super) fn text(text: &str) -> Value {
    json!({"type": "text", "content": text})
}

/// Returns a part in which a model calls a tool; arguments that are JSON in a text are read.
pub(super) fn tool_call(id: Option<&str>, name: &str, arguments: Option<Value>) -> Value {
    let mut part = part_with("tool_call", id);
    part.insert("name".to_owned(), name.into());
    if let Some(arguments) = arguments {
        part.insert("arguments".to_owned(), arguments);
    }
    Value::Object(part)
}

/// Returns a part in which a tool answers.
pub(super) fn tool_response(id: Option<&str>, response: Value) -> Value {
    let mut part = part_with("tool_call_response", id);
    part.insert("response".to_owned(), response);
    Value::Object(part)
}

/// Returns an image by its address; one that is in the address itself becomes a blob.
pub(super) fn image(address: &str) -> Value {
    let inside = address.strip_prefix("data:").and_then(|data| data.split_once(";base64,"));
    match inside {
        Some((mime_type, content)) => json!({
            "type": "blob", "modality": "image", "mime_type": mime_type, "content": content,
        }),
        None => json!({"type": "uri", "modality": "image", "uri": address}),
    }
}

/// Reads JSON out of a text; a text that is none stays one.
pub(super) fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

fn part_with(kind: &str, id: Option<&str>) -> Map<String, Value> {
    let mut part = Map::new();
    part.insert("type".to_owned(), kind.into());
    if let Some(id) = id {
        part.insert("id".to_owned(), id.into());
    }
    part
}
