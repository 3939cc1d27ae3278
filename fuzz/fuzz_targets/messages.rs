//! Any messages are counted and written down; any content, cut to any length, stays JSON and short enough;
//! and what a rule takes out stands nowhere in what is kept.
#![no_main]

use exo_trace_export::__contents::edited;
use exo_trace_fuzz::json_drawn;
use exo_trace_fuzz::script::Script;
use exo_trace_std::{
    Messages, Piece, Redactor, Transcript, compute_token_breakdown, compute_token_breakdown_at,
    estimate_tokens,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use std::sync::LazyLock;

const SECRET: &str = "s3cret";
const MESSAGES: &str = "gen_ai.input.messages";
const ARGUMENTS: &str = "gen_ai.tool.call.arguments";
/// What a message or a part says of its form, which no rule is shown.
const FORM: [&str; 5] = ["role", "finish_reason", "type", "modality", "mime_type"];

static HIDE: LazyLock<Redactor> = LazyLock::new(|| {
    Redactor::new(|_, text| {
        if text.contains(SECRET) { text.replace(SECRET, "***").into() } else { text.into() }
    })
});

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let bytes_max = 2 + script.number() as usize % 4_096;
    match script.below(4) {
        // As it stands: most often no JSON, or nested deeper than anybody reads.
        0 => {
            let text = String::from_utf8_lossy(script.rest()).into_owned();
            is_kept_short(&text, bytes_max);
            is_hidden(&text, bytes_max);
            if let Ok(value) = serde_json::from_str::<Value>(&text) {
                is_counted(&value);
            }
        }
        _ => {
            let value = json_drawn::value(&mut script);
            is_counted(&value);
            let text = value.to_string();
            let is_cut = is_kept_short(&text, bytes_max);
            assert!(text.len() > bytes_max || !is_cut, "what fits is whole");
            is_hidden(&text, bytes_max);
        }
    }
});

/// Counts pieces one by one and all together, and writes the messages down as the conventions do.
fn is_counted(messages: &Value) {
    let (mut pieces, mut sum) = (0, 0);
    messages.for_each_piece(&mut |_, piece| {
        pieces += 1;
        sum += match piece {
            Piece::Text(text) => estimate_tokens(text),
            Piece::Tokens(tokens) => tokens,
            other => panic!("no such piece: {other:?}"),
        };
    });
    let counted = compute_token_breakdown(messages);
    assert_eq!(counted.total_tokens, sum, "{pieces} pieces of {messages}");
    for ratio in [0.0, -1.0, f64::NAN, 1e-300, 0.25] {
        let _ = compute_token_breakdown_at(messages, ratio);
    }
    let mut transcript = Transcript::new();
    messages.transcribe(&mut transcript);
    let written: Value = serde_json::from_str(&transcript.to_string()).expect("it is JSON");
    let written = written.as_array().expect("a list of messages");
    let count = messages.message_count();
    assert_eq!(written.len(), count);
    for message in written {
        assert!(message.get("role").is_some() && message.get("parts").is_some(), "{message}");
    }
}

/// Cuts a content without a rule, and tells whether something is missing.
fn is_kept_short(text: &str, bytes_max: usize) -> bool {
    let (kept, is_cut) = edited(ARGUMENTS, text.to_owned(), None, bytes_max);
    assert!(kept.len() <= bytes_max, "{} of {bytes_max} bytes", kept.len());
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    assert!(is_json(&kept), "no JSON: {kept}");
    if text.len() <= bytes_max && is_json(text) {
        assert_eq!((kept.as_str(), is_cut), (text, false), "what fits stays byte for byte");
    }
    is_cut
}

/// Lets a rule take a word out: of a tool's arguments wherever it stands, of messages but for their form.
fn is_hidden(text: &str, bytes_max: usize) {
    for (key, has_form) in [(ARGUMENTS, false), (MESSAGES, true)] {
        let (kept, is_cut) = edited(key, text.to_owned(), Some(HIDE.clone()), bytes_max);
        assert!(kept.len() <= bytes_max);
        let value: Value = serde_json::from_str(&kept).expect("it is JSON");
        // Of messages that even shortened do not fit, there is the beginning of their text.
        let is_beginning = is_cut && value.is_string();
        if !has_form || !is_beginning {
            hides(&value, has_form, &kept);
        }
    }
}

fn hides(value: &Value, has_form: bool, kept: &str) {
    match value {
        Value::String(text) => assert!(!text.contains(SECRET), "{kept}"),
        Value::Array(items) => items.iter().for_each(|item| hides(item, has_form, kept)),
        Value::Object(fields) => {
            for (name, value) in fields {
                assert!(!name.contains(SECRET), "{kept}");
                if !has_form || !FORM.contains(&name.as_str()) || !value.is_string() {
                    hides(value, has_form && name == "parts", kept);
                }
            }
        }
        _ => {}
    }
}
