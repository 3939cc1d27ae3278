//! Why the model stopped, in each message it said: what version 1.41 of the conventions wants there.
//!
//! Later versions have it on the span alone, where programs say it, often after the messages. So the
//! messages get it when the span is whole, in that dialect and no other.

use exo_trace_std::Value as Said;
use serde_json::Value;

const FINISH_REASON: &str = "finish_reason";

/// Returns the messages with a reason each, where there is something to add; one reason is of all.
///
/// `reasons` is what `gen_ai.response.finish_reasons` says.
pub(super) fn finished(json: &str, reasons: Option<Said<'_>>) -> Option<Value> {
    let reasons: Vec<&str> = match reasons? {
        Said::Texts(texts) => texts.iter().collect(),
        Said::Text(reason) => vec![reason],
        _ => return None,
    };
    let mut messages: Value = serde_json::from_str(json).ok()?;
    let mut has_changed = false;
    for (place, message) in messages.as_array_mut()?.iter_mut().enumerate() {
        let reason = reasons.get(place).or(reasons.last());
        if let (Some(fields), Some(&reason)) = (message.as_object_mut(), reason)
            && !fields.contains_key(FINISH_REASON)
        {
            fields.insert(FINISH_REASON.to_owned(), reason.into());
            has_changed = true;
        }
    }
    has_changed.then_some(messages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_message_has_its_reason_and_keeps_its_own() {
        let said = json!([{"role": "a"}, {"role": "b", "finish_reason": "length"}, {"role": "c"}]);
        let reasons = ["stop", "stop", "tool_call"];
        let expected = json!([
            {"role": "a", "finish_reason": "stop"},
            {"role": "b", "finish_reason": "length"},
            {"role": "c", "finish_reason": "tool_call"},
        ]);
        let all = finished(&said.to_string(), Some(reasons.as_slice().into()));
        assert_eq!(all, Some(expected));
        let one = finished(r#"[{}, {}]"#, Some("stop".into()));
        assert_eq!(one, Some(json!([{"finish_reason": "stop"}, {"finish_reason": "stop"}])));
    }

    #[test]
    fn where_there_is_nothing_to_add_nothing_is_written_anew() {
        for (json, reasons) in [
            (r#"[{"finish_reason":"stop"}]"#, Some("length".into())),
            ("[{}]", None),
            ("[{}]", Some(Said::from(&[] as &[&str]))),
            (r#""(panicked while it was redacted)""#, Some("stop".into())),
            ("[1]", Some("stop".into())),
        ] {
            assert_eq!(finished(json, reasons), None, "{json}");
        }
    }
}
