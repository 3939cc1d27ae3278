//! What was asked of a model, as the JSON object that OpenInference has for it.
//!
//! It is made when the span is whole, because readers get their texts borrowed. Its length is bounded
//! by the limits of the attributes it is made of.

use super::said::Attributes;
use crate::span_data::Object;

/// Where it is written.
const NAME: &str = "llm.invocation_parameters";
const ASKED: &str = "gen_ai.request.";
/// It has a name of its own.
const MODEL: &str = "model";

/// Returns the name and text of the object; `None` where nothing was asked, or somebody said it.
pub(crate) fn parameters(attributes: &Attributes<'_>) -> Option<(&'static str, String)> {
    let asked = attributes.iter().filter_map(|&(key, value)| {
        let name = key.strip_prefix(ASKED).filter(|name| *name != MODEL)?;
        Some((name, value))
    });
    if asked.clone().next().is_none() || attributes.iter().any(|(key, _)| *key == NAME) {
        return None;
    }
    let json = serde_json::to_string(&Object(|| asked.clone())).ok()?;
    Some((NAME, json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use exo_trace_std::Value;

    #[test]
    fn what_was_asked_is_one_object_and_the_model_is_not_in_it() {
        let asked = [
            ("gen_ai.request.model", Value::Text("gpt-4o")),
            ("gen_ai.request.temperature", Value::F64(0.2)),
            ("gen_ai.usage.input_tokens", Value::I64(7)),
            ("gen_ai.request.stop_sequences", ["\"", "end"].as_slice().into()),
            ("gen_ai.request.max_tokens", Value::I64(512)),
        ];
        let json = r#"{"temperature":0.2,"stop_sequences":["\"","end"],"max_tokens":512}"#;
        assert_eq!(parameters(&asked), Some((NAME, json.to_owned())));
        assert_eq!(parameters(&asked[..1]), None);
        let said = [asked[1], (NAME, Value::Text("{}"))];
        assert_eq!(parameters(&said), None);
    }
}
