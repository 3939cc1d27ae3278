//! JSON drawn from a script: messages as providers write them, with every field that anybody reads, and
//! whatever else a program may put there.

use crate::script::Script;
use serde_json::{Map, Value};

/// How deep it goes: as deep as messages do, and a little deeper.
const DEPTH_MAX: usize = 7;

const NAMES: &[&str] = &[
    "role",
    "content",
    "parts",
    "type",
    "text",
    "image_url",
    "url",
    "tool_calls",
    "function",
    "name",
    "arguments",
    "tool_call_id",
    "id",
    "tool_use",
    "input",
    "thinking",
    "finish_reason",
    "response",
    "modality",
    "password",
    "my s3cret",
];

const TEXTS: &[&str] = &[
    "user",
    "assistant",
    "system",
    "tool",
    "text",
    "image_url",
    "tool_use",
    "tool_result",
    "thinking",
    "stop",
    "data:image/png;base64,aGk=",
    "https://example.com/boat.png",
    "{\"topic\": \"s3cret\"}",
    "[1, 2",
    "a s3cret b",
    "s3s3cretcret",
    "s3cret",
    "",
];

/// Returns a value.
pub fn value(script: &mut Script<'_>) -> Value {
    value_at(script, 0)
}

fn value_at(script: &mut Script<'_>, depth: usize) -> Value {
    let is_deepest = depth == DEPTH_MAX;
    match script.below(12) {
        0 => Value::Null,
        1 => Value::Bool(script.flag()),
        2 => Value::from(script.number().cast_signed()),
        3 => Value::from(script.number()),
        4 => Value::from(script.text()),
        5 | 6 => Value::from(TEXTS[script.below(TEXTS.len())]),
        7 => Value::from(script.text().repeat(repeated(script.byte()))),
        8 | 9 if !is_deepest => {
            let count = script.below(8);
            (0..count).map(|_| value_at(script, depth + 1)).collect()
        }
        10 | 11 if !is_deepest => {
            let count = script.below(8);
            let fields = (0..count).map(|_| (name(script).to_owned(), value_at(script, depth + 1)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

/// How often a text is said: seldom so often that it is long.
fn repeated(byte: u8) -> usize {
    usize::from(if byte < 224 { byte % 3 } else { byte % 8 })
}

fn name(script: &mut Script<'_>) -> &'static str {
    match script.below(NAMES.len() + 1) {
        place if place < NAMES.len() => NAMES[place],
        _ => script.text(),
    }
}
