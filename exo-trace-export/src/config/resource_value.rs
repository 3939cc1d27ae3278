//! The value of a resource attribute: owned, because it outlives every span.

use exo_trace_std::Value;
use std::fmt;

/// The value of a resource attribute.
///
/// ```
/// use exo_trace_export::ResourceValue;
///
/// assert_eq!(ResourceValue::from(3), ResourceValue::I64(3));
/// assert_eq!(ResourceValue::from("staging").to_string(), "staging");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ResourceValue {
    /// True or false.
    Bool(bool),
    /// A whole number.
    I64(i64),
    /// A number with a fraction.
    F64(f64),
    /// Text.
    Text(String),
}

impl ResourceValue {
    /// Returns the value as an attribute has it.
    pub(crate) fn as_value(&self) -> Value<'_> {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::I64(value) => Value::I64(*value),
            Self::F64(value) => Value::F64(*value),
            Self::Text(text) => Value::Text(text),
        }
    }
}

impl fmt::Display for ResourceValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::I64(value) => write!(f, "{value}"),
            Self::F64(value) => write!(f, "{value:?}"),
            Self::Text(value) => f.write_str(value),
        }
    }
}

impl From<bool> for ResourceValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for ResourceValue {
    fn from(value: i32) -> Self {
        Self::I64(value.into())
    }
}

impl From<u32> for ResourceValue {
    fn from(value: u32) -> Self {
        Self::I64(value.into())
    }
}

impl From<i64> for ResourceValue {
    fn from(value: i64) -> Self {
        Self::I64(value)
    }
}

impl From<f64> for ResourceValue {
    fn from(value: f64) -> Self {
        Self::F64(value)
    }
}

impl From<&str> for ResourceValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for ResourceValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
