//! Attributes in OTLP JSON: each value under the name of its type.
//!
//! JSON's numbers are doubles to most who read them, so 64-bit integers are decimal strings, and
//! what JSON has no number for (`NaN`, the infinities) is named. OTLP has no unsigned integer: one
//! above `i64::MAX` is the text of its digits.

use exo_trace_std::{Texts, Value};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::fmt::Display;

/// Tells whether an attribute says something; one that is empty is left out, as everywhere.
pub(super) fn is_said((_, value): &(&str, Value<'_>)) -> bool {
    !matches!(value, Value::Empty)
}

/// Attributes as OTLP has them: a list of keys and values.
pub(super) struct KeyValues<I>(pub(super) I);

impl<'a, I> Serialize for KeyValues<I>
where
    I: Iterator<Item = (&'a str, Value<'a>)> + Clone,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone().map(|(key, value)| KeyValue(key, value)))
    }
}

pub(super) struct KeyValue<'a>(pub(super) &'a str, pub(super) Value<'a>);

impl Serialize for KeyValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pair = serializer.serialize_map(Some(2))?;
        pair.serialize_entry("key", self.0)?;
        pair.serialize_entry("value", &AnyValue(self.1))?;
        pair.end()
    }
}

struct AnyValue<'a>(Value<'a>);

impl Serialize for AnyValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut one = serializer.serialize_map(None)?;
        match self.0 {
            Value::Bool(value) => one.serialize_entry("boolValue", &value)?,
            Value::I64(value) => one.serialize_entry("intValue", &Digits(value))?,
            Value::U64(value) => one.serialize_entry("stringValue", &Digits(value))?,
            Value::F64(value) => one.serialize_entry("doubleValue", &Double(value))?,
            Value::Text(text) => one.serialize_entry("stringValue", text)?,
            Value::Texts(texts) => one.serialize_entry("arrayValue", &ArrayValue(texts))?,
            // Empty values were left out, and interned texts are read before.
            _ => {}
        }
        one.end()
    }
}

struct ArrayValue<'a>(Texts<'a>);

impl Serialize for ArrayValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut array = serializer.serialize_map(Some(1))?;
        array.serialize_entry("values", &Values(self.0))?;
        array.end()
    }
}

struct Values<'a>(Texts<'a>);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|text| AnyValue(Value::Text(text))))
    }
}

/// Something in a string as its `Display` says it: a 64-bit integer, an id.
pub(super) struct Digits<T>(pub(super) T);

impl<T: Display> Serialize for Digits<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Source: Protocol Buffers, "ProtoJSON Format", the row of `float` and `double`.
struct Double(f64);

impl Serialize for Double {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            value if value.is_nan() => serializer.serialize_str("NaN"),
            f64::INFINITY => serializer.serialize_str("Infinity"),
            f64::NEG_INFINITY => serializer.serialize_str("-Infinity"),
            value => serializer.serialize_f64(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_stands_under_the_name_of_its_type() {
        for (value, json) in [
            (Value::Bool(false), r#"{"boolValue":false}"#),
            (Value::I64(i64::MIN), r#"{"intValue":"-9223372036854775808"}"#),
            (Value::U64(u64::MAX), r#"{"stringValue":"18446744073709551615"}"#),
            (Value::F64(1.0), r#"{"doubleValue":1.0}"#),
            (Value::F64(-0.0), r#"{"doubleValue":-0.0}"#),
            (Value::F64(f64::NAN), r#"{"doubleValue":"NaN"}"#),
            (Value::F64(f64::INFINITY), r#"{"doubleValue":"Infinity"}"#),
            (Value::F64(f64::NEG_INFINITY), r#"{"doubleValue":"-Infinity"}"#),
            (Value::Text("a \"b\"\n\u{1}é"), r#"{"stringValue":"a \"b\"\n\u0001é"}"#),
            (
                Value::from(&["a", ""]),
                r#"{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":""}]}}"#,
            ),
            (Value::Texts(Texts::Borrowed(&[])), r#"{"arrayValue":{"values":[]}}"#),
        ] {
            assert_eq!(serde_json::to_string(&AnyValue(value)).unwrap(), json);
        }
    }
}
