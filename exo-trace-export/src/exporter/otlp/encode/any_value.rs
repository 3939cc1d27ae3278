//! An attribute as OTLP has it: a key and an `AnyValue`.
//!
//! OTLP has no unsigned integer: what is above `i64::MAX` is written as its digits, a text, because
//! a double would be another number. An empty value is left out, as everywhere.

use super::protobuf::{
    fixed64, put_sized, put_text, put_varint, sized, sized_len, varint, varint_len,
};
use crate::span_data::attributes::readable;
use exo_trace_core::Texts;
use exo_trace_std::Value;

/// Fields of `KeyValue`.
const KEY: u8 = 1;
pub(super) const VALUE: u8 = 2;
/// Fields of `AnyValue`.
const STRING_VALUE: u8 = 1;
const BOOL_VALUE: u8 = 2;
const INT_VALUE: u8 = 3;
const DOUBLE_VALUE: u8 = 4;
const ARRAY_VALUE: u8 = 5;
/// The field of `ArrayValue`.
const VALUES: u8 = 1;

/// Returns a key as it stands in a `KeyValue`.
pub(super) fn key_bytes(key: &str) -> Box<[u8]> {
    let mut bytes = Vec::with_capacity(sized_len(key.len()));
    put_text(&mut bytes, KEY, key);
    bytes.into()
}

/// Writes an attribute into `field` of a message.
pub(super) fn put_attribute(bytes: &mut Vec<u8>, field: u8, key: &str, value: Value<'_>) {
    put_key_value(bytes, field, &key_bytes(key), value);
}

/// Writes an attribute into `field` of a message; `key` is what [`key_bytes`] made of its key.
#[inline(always)]
pub(super) fn put_key_value(bytes: &mut Vec<u8>, field: u8, key: &[u8], value: Value<'_>) {
    match value {
        Value::I64(number) => {
            let len = 1 + varint_len(number as u64);
            put_sized(bytes, field, key.len() + 2 + len);
            bytes.extend_from_slice(key);
            bytes.extend_from_slice(&[sized(VALUE), len as u8, varint(INT_VALUE)]);
            put_varint(bytes, number as u64);
        }
        Value::Text(text) => put_text_value(bytes, field, key, text),
        Value::Bool(is_true) => {
            put_sized(bytes, field, key.len() + 4);
            bytes.extend_from_slice(key);
            let is_true = u8::from(is_true);
            bytes.extend_from_slice(&[sized(VALUE), 2, varint(BOOL_VALUE), is_true]);
        }
        Value::F64(number) => {
            put_sized(bytes, field, key.len() + 11);
            bytes.extend_from_slice(key);
            bytes.extend_from_slice(&[sized(VALUE), 9, fixed64(DOUBLE_VALUE)]);
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        Value::U64(number) => put_text_value(bytes, field, key, &number.to_string()),
        Value::Interned(_) => {
            if let Value::Text(text) = readable(value) {
                put_text_value(bytes, field, key, text);
            }
        }
        Value::Texts(texts) => put_texts(bytes, field, key, texts),
        _ => {}
    }
}

#[inline(always)]
fn put_text_value(bytes: &mut Vec<u8>, field: u8, key: &[u8], text: &str) {
    let len = sized_len(text.len());
    put_sized(bytes, field, key.len() + sized_len(len));
    bytes.extend_from_slice(key);
    put_sized(bytes, VALUE, len);
    put_text(bytes, STRING_VALUE, text);
}

fn put_texts(bytes: &mut Vec<u8>, field: u8, key: &[u8], texts: Texts<'_>) {
    let list: usize = texts.iter().map(|text| sized_len(sized_len(text.len()))).sum();
    put_sized(bytes, field, key.len() + sized_len(sized_len(list)));
    bytes.extend_from_slice(key);
    put_sized(bytes, VALUE, sized_len(list));
    put_sized(bytes, ARRAY_VALUE, list);
    for text in texts.iter() {
        put_sized(bytes, VALUES, sized_len(text.len()));
        put_text(bytes, STRING_VALUE, text);
    }
}
