//! What happens to a content before anybody keeps it: the program's rule, then the limit.
//!
//! In this order, because half a secret would not be recognized. With a rule, a content is written anew
//! from what the rule was shown, for text can hold what a reader of JSON passes over: two fields of one
//! name, the last digits of a long number. Without one, what is not too long stays byte for byte as it
//! was written. What is no JSON becomes a JSON string.

use super::cut::cut;
use super::redacted::{Panicked, Redacted};
use exo_trace_std::{REDACTION_PANICKED, Redactor};
use serde::de::IgnoredAny;
use serde_json::Value;

/// How many bytes of one content are kept, unless configured.
pub(crate) const CONTENT_BYTES_MAX: usize = 64 << 10;

/// What a program said about what may be kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Editor {
    pub(crate) redactor: Option<Redactor>,
    pub(crate) bytes_max: usize,
}

/// A content that may be kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Edited {
    pub(crate) json: String,
    pub(crate) is_cut: bool,
    pub(crate) has_panicked: bool,
}

impl Default for Editor {
    fn default() -> Self {
        Self { redactor: None, bytes_max: CONTENT_BYTES_MAX }
    }
}

impl Editor {
    /// Makes of a content what may be kept of it.
    pub(crate) fn edit(&self, key: &'static str, json: String) -> Edited {
        let Some(redactor) = &self.redactor else { return self.edit_unread(json) };
        let mut value = read(json);
        match Redacted::new(redactor, key).redact(&mut value) {
            Ok(()) => self.written(&value),
            Err(Panicked) => {
                let json = Value::from(REDACTION_PANICKED).to_string();
                Edited { json, is_cut: false, has_panicked: true }
            }
        }
    }

    fn edit_unread(&self, json: String) -> Edited {
        if json.len() <= self.bytes_max && serde_json::from_str::<IgnoredAny>(&json).is_ok() {
            return Edited { json, is_cut: false, has_panicked: false };
        }
        self.written(&read(json))
    }

    /// Makes of a content that was changed what may be kept of it.
    pub(super) fn written(&self, value: &Value) -> Edited {
        let (json, is_cut) = cut(value, self.bytes_max);
        Edited { json, is_cut, has_panicked: false }
    }
}

/// A text that is no JSON, or nested too deeply to be read, is one string.
fn read(json: String) -> Value {
    serde_json::from_str(&json).unwrap_or(Value::String(json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use exo_trace_std::Redaction;
    use serde_json::json;
    use std::borrow::Cow;

    const ARGUMENTS: &str = "gen_ai.tool.call.arguments";
    const MESSAGES: &str = "gen_ai.input.messages";

    fn with(
        rule: impl for<'t> Fn(&Redaction<'_>, &'t str) -> Cow<'t, str> + Send + Sync + 'static,
    ) -> Editor {
        Editor { redactor: Some(Redactor::new(rule)), ..Editor::default() }
    }

    fn hide_all() -> Editor {
        with(|_, _| "***".into())
    }

    #[test]
    fn what_no_rule_is_shown_stays_byte_for_byte() {
        let json = r#"{ "b": 1.50, "a": 12345678901234567890123, "a": 1 }"#;
        assert_eq!(Editor::default().edit(ARGUMENTS, json.to_owned()).json, json);
    }

    #[test]
    fn what_a_rule_was_not_shown_is_not_kept() {
        let json = r#"{"pin": "1953", "pin": "", "account": 12345678901234567890123}"#;
        let is_known =
            |text: &str| ["pin", "", "account", "1.2345678901234568e+22"].contains(&text);
        let editor = with(move |_, text| {
            assert!(is_known(text), "shown {text}");
            text.into()
        });
        let edited = editor.edit(ARGUMENTS, json.to_owned());
        assert_eq!(edited.json, r#"{"account":1.2345678901234568e+22,"pin":""}"#);
    }

    #[test]
    fn what_is_no_json_becomes_a_json_string() {
        for text in ["", "no such file", "{\"a\":", "\u{1}"] {
            let edited = Editor::default().edit(ARGUMENTS, text.to_owned());
            let read: String = serde_json::from_str(&edited.json).unwrap();
            assert_eq!((read.as_str(), edited.is_cut), (text, false));
        }
        // Deeper than a rule can be asked about it.
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        assert_eq!(Editor::default().edit(ARGUMENTS, deep.clone()).json, deep);
        let edited = with(|_, text| text.into()).edit(ARGUMENTS, deep.clone());
        let read: String = serde_json::from_str(&edited.json).unwrap();
        assert_eq!(read, deep);
    }

    #[test]
    fn a_rule_that_hides_all_leaves_who_said_it_and_in_which_form() {
        let json = r#"[{"role":"user","name":"ann","parts":[{"type":"text","content":"my card"},{"type":"tool_call","id":"a","name":"f","arguments":{"card":4012,"valid":true}}],"finish_reason":"stop"}]"#;
        let hidden = r#"[{"finish_reason":"stop","name":"***","parts":[{"content":"***","type":"text"},{"arguments":{"***":true},"id":"***","name":"***","type":"tool_call"}],"role":"user"}]"#;
        assert_eq!(hide_all().edit(MESSAGES, json.to_owned()).json, hidden);
        assert_eq!(hide_all().edit(ARGUMENTS, "plain".to_owned()).json, r#""***""#);
    }

    #[test]
    fn a_rule_knows_the_attribute_and_the_field() {
        let editor = with(|place, text| match (place.key(), place.field()) {
            (ARGUMENTS, Some("password")) => "".into(),
            _ => text.into(),
        });
        let json = r#"{"password":["a",7],"user":"ann"}"#.to_owned();
        assert_eq!(
            editor.edit(ARGUMENTS, json.clone()).json,
            r#"{"password":["",""],"user":"ann"}"#
        );
        assert_eq!(editor.edit("gen_ai.tool.call.result", json.clone()).json, json);
        let said = json!([{"role": "user", "parts": [{"type": "song", "my password": "a"}]}]);
        let names = with(|_, text| text.replace("my ", "").into());
        assert_eq!(
            names.edit(MESSAGES, said.to_string()).json,
            r#"[{"parts":[{"password":"a","type":"song"}],"role":"user"}]"#,
            "a name that is not the conventions' is shown"
        );
    }

    #[test]
    fn a_rule_sees_a_secret_that_the_limit_would_have_cut_in_two() {
        let rule = |_: &Redaction<'_>, text: &str| text.replace("secret", "***");
        let editor = with(move |place, text| rule(place, text).into());
        let editor = Editor { bytes_max: 10, ..editor };
        let edited = editor.edit(ARGUMENTS, r#""abcde secret and more""#.to_owned());
        assert!(edited.is_cut && !edited.json.contains("se"), "{}", edited.json);
    }

    #[test]
    fn a_rule_that_panics_costs_that_content() {
        let editor = with(|_, text| if text == "b" { panic!("a rule") } else { text.into() });
        let edited = editor.edit(ARGUMENTS, r#"["a","b","c"]"#.to_owned());
        assert!(edited.has_panicked);
        assert_eq!(edited.json, format!("{REDACTION_PANICKED:?}"));
        assert!(!editor.edit(ARGUMENTS, r#"["a"]"#.to_owned()).has_panicked);
    }
}
