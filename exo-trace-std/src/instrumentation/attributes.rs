//! Attributes as a value: built once, printed, looked at, and put on any span.

use crate::AttributeSource;
use crate::operation::keys as names;
use exo_trace_core::{Attribute, Field, InternedKey, Key, Value};
use std::fmt;

static AGENT_NAME: InternedKey = InternedKey::new(Key::new("exo.agent.name"));
static TOOL_NAME: InternedKey = InternedKey::new(Key::new("exo.tool.name"));

/// An ordered list of attributes with different keys.
///
/// It prints as the page's dictionary does, and stands wherever attributes are wanted.
///
/// ```
/// use exo_trace_std::instrumentation::build_tool_attributes;
/// use exo_trace_std::span_sync;
///
/// let attributes = build_tool_attributes("search", "success");
/// assert_eq!(attributes.get("exo.tool.name"), Some("search".into()));
/// let _span = span_sync("lookup", &attributes);
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Attributes {
    list: Vec<Said>,
}

#[derive(Clone, Debug)]
struct Said {
    key: &'static InternedKey,
    value: Kept,
}

/// The values that are built here.
#[derive(Clone, Debug, PartialEq)]
enum Kept {
    Text(String),
    Whole(u64),
}

impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.key.key() == other.key.key() && self.value == other.value
    }
}

impl Kept {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Whole(number) => Value::from(*number),
        }
    }
}

/// Returns the attributes of an agent: its name, its step, its model; what is empty is left out.
///
/// ```
/// use exo_trace_std::instrumentation::build_agent_attributes;
///
/// let attributes = build_agent_attributes("researcher", Some(1), "gpt-4o");
/// assert_eq!(
///     attributes.to_string(),
///     r#"{"exo.agent.name": "researcher", "exo.agent.step": 1, "gen_ai.request.model": "gpt-4o"}"#,
/// );
/// ```
pub fn build_agent_attributes(name: &str, step: Option<u64>, model: &str) -> Attributes {
    let mut attributes = Attributes::default();
    attributes.text(&AGENT_NAME, name);
    let step = step.map(|step| Said { key: &names::AGENT_STEP, value: Kept::Whole(step) });
    attributes.list.extend(step);
    attributes.text(&names::REQUEST_MODEL, model);
    attributes
}

/// Returns the attributes of a tool: its name and its status; what is empty is left out.
pub fn build_tool_attributes(name: &str, status: &str) -> Attributes {
    let mut attributes = Attributes::default();
    attributes.text(&TOOL_NAME, name);
    attributes.text(&names::TOOL_STATUS, status);
    attributes
}

impl Attributes {
    fn text(&mut self, key: &'static InternedKey, text: &str) {
        if !text.is_empty() {
            self.list.push(Said { key, value: Kept::Text(text.to_owned()) });
        }
    }

    /// Returns the value of a key.
    pub fn get(&self, key: &str) -> Option<Value<'_>> {
        self.iter().find_map(|(known, value)| (known == key).then_some(value))
    }

    /// Returns keys and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Value<'_>)> {
        self.list.iter().map(|said| (said.key.key().as_str(), said.value.value()))
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl AttributeSource for Attributes {
    fn attributes(&self) -> impl Iterator<Item = Attribute<'_>> {
        self.list.iter().map(|said| Attribute::new(said.key, Field::Value(said.value.value())))
    }
}

impl fmt::Display for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for said in &self.list {
            match &said.value {
                Kept::Text(text) => map.entry(&said.key.key().as_str(), text),
                Kept::Whole(number) => map.entry(&said.key.key().as_str(), number),
            };
        }
        map.finish()
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_is_absent() {
        assert_eq!(build_agent_attributes("", None, "").to_string(), "{}");
        let attributes = build_agent_attributes("researcher", None, "");
        assert_eq!(attributes.to_string(), r#"{"exo.agent.name": "researcher"}"#);
        assert_eq!(attributes.get("gen_ai.request.model"), None);
    }

    #[test]
    fn a_tool_has_the_two_keys_of_the_page() {
        let attributes = build_tool_attributes("search", "success");
        let keys: Vec<&str> = attributes.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["exo.tool.name", "exo.tool.status"]);
        assert_eq!(
            format!("{attributes:?}"),
            r#"{"exo.tool.name": "search", "exo.tool.status": "success"}"#
        );
    }
}
