//! Numbers and bytes as JSON has them: often as strings.

use data_encoding::{BASE64, BASE64URL, HEXLOWER_PERMISSIVE};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

/// A 64-bit integer, as a string of its digits or as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Integer<T>(pub(super) T);

/// A double, as a number or as the name of what JSON has no number for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Double(pub(super) f64);

/// An id: hex in either case.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Id(pub(super) Vec<u8>);

/// Other bytes: base64, of either alphabet.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Base64(pub(super) Vec<u8>);

impl<'de, T: FromStr + TryFrom<i64> + TryFrom<u64>> Deserialize<'de> for Integer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntegerVisitor(PhantomData))
    }
}

struct IntegerVisitor<T>(PhantomData<T>);

impl<T: FromStr + TryFrom<i64> + TryFrom<u64>> Visitor<'_> for IntegerVisitor<T> {
    type Value = Integer<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a 64-bit integer, as a number or as a string of its digits")
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        let refused = || E::invalid_value(Unexpected::Unsigned(value), &self);
        T::try_from(value).map(Integer).map_err(|_| refused())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        let refused = || E::invalid_value(Unexpected::Signed(value), &self);
        T::try_from(value).map(Integer).map_err(|_| refused())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        text.parse().map(Integer).map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

impl<'de> Deserialize<'de> for Double {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DoubleVisitor)
    }
}

struct DoubleVisitor;

impl Visitor<'_> for DoubleVisitor {
    type Value = Double;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, \"NaN\", \"Infinity\" or \"-Infinity\"")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Double, E> {
        Ok(Double(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Double, E> {
        Ok(Double(value as f64))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Double, E> {
        Ok(Double(value as f64))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Double, E> {
        // Rust reads all three names, and numbers in strings, which ProtoJSON allows.
        text.parse().map(Double).map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let expected = &"an id of hex digits";
        let refused = |_| D::Error::invalid_value(Unexpected::Str(&text), expected);
        HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map(Self).map_err(refused)
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let refused = |_| D::Error::custom("bytes are no base64");
        let is_url = text.contains(['-', '_']);
        let encoding = if is_url { &BASE64URL } else { &BASE64 };
        encoding.decode(text.as_bytes()).map(Self).map_err(refused)
    }
}
