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
use serde::de::IgnoredAny;
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

/// Ratios of characters to a token, the wrong ones too.
const RATIOS: [f64; 5] = [0.0, -1.0, f64::NAN, 1e-300, 0.25];

/// What is hidden: of a tool's arguments wherever it stands, of messages but for their form.
const HIDDEN: [(&str, bool); 2] = [(ARGUMENTS, false), (MESSAGES, true)];

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let bytes_max = 2 + script.number() as usize % 4_096;
    let how = script.byte();
    // The dear ones take turns: one key and one ratio an input, as the upper half of the byte says.
    let turn = usize::from(how >> 4);
    let (hidden, ratio) = (HIDDEN[turn % HIDDEN.len()], RATIOS[turn % RATIOS.len()]);
    match how % 4 {
        // As it stands: most often no JSON, or nested deeper than anybody reads.
        0 => {
            let text = String::from_utf8_lossy(script.rest()).into_owned();
            let value = serde_json::from_str::<Value>(&text).ok();
            let is_json = value.is_some() || is_json(&text);
            is_kept_short(&text, bytes_max, is_json);
            is_hidden(&text, bytes_max, hidden);
            if let Some(value) = value {
                is_counted(&value, ratio);
            }
        }
        _ => {
            let value = json_drawn::value(&mut script);
            is_counted(&value, ratio);
            let text = value.to_string();
            let is_cut = is_kept_short(&text, bytes_max, true);
            assert!(text.len() > bytes_max || !is_cut, "what fits is whole");
            is_hidden(&text, bytes_max, hidden);
        }
    }
});

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Counts pieces one by one and all together, and writes the messages down as the conventions do.
fn is_counted(messages: &Value, ratio: f64) {
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
    let _ = compute_token_breakdown_at(messages, ratio);
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
fn is_kept_short(text: &str, bytes_max: usize, was_json: bool) -> bool {
    let (kept, is_cut) = edited(ARGUMENTS, text.to_owned(), None, bytes_max);
    assert!(kept.len() <= bytes_max, "{} of {bytes_max} bytes", kept.len());
    if was_json && text.len() <= bytes_max {
        assert_eq!((kept.as_str(), is_cut), (text, false), "what fits stays byte for byte");
    } else {
        assert!(is_json(&kept), "no JSON: {kept}");
    }
    is_cut
}

/// Lets a rule take a word out.
fn is_hidden(text: &str, bytes_max: usize, (key, has_form): (&'static str, bool)) {
    let (kept, is_cut) = edited(key, text.to_owned(), Some(HIDE.clone()), bytes_max);
    assert!(kept.len() <= bytes_max);
    if !kept.contains(SECRET) && !kept.contains('\\') {
        // It stands nowhere, and no escape stands for a letter of it.
        assert!(is_json(&kept), "no JSON: {kept}");
        return;
    }
    let value: Value = serde_json::from_str(&kept).expect("it is JSON");
    // Of messages that even shortened do not fit, there is the beginning of their text.
    let is_beginning = is_cut && value.is_string();
    if !has_form || !is_beginning {
        hides(&value, has_form, &kept);
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
