//! What a process says about itself in every batch: `service.name` and its like.

use crate::config::ResourceValue;
use exo_trace_std::Value;

/// The attributes of the process, in order; `service.name` comes first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    attributes: Vec<(String, ResourceValue)>,
}

impl Resource {
    pub(crate) fn new(attributes: Vec<(String, ResourceValue)>) -> Self {
        Self { attributes }
    }

    /// Returns the attributes in order.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        self.attributes.iter().map(|(key, value)| (key.as_str(), value.as_value()))
    }

    /// Returns the attribute with this key.
    pub fn attribute(&self, key: impl AsRef<str>) -> Option<Value<'_>> {
        let key = key.as_ref();
        self.attributes().find_map(|(name, value)| (name == key).then_some(value))
    }

    /// Returns `service.name`; empty where nobody gave one.
    pub fn service_name(&self) -> &str {
        match self.attribute("service.name") {
            Some(Value::Text(name)) => name,
            _ => "",
        }
    }
}
