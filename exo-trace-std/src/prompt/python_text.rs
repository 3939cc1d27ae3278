//! A JSON value as Python writes it: `{'a': [True, None]}`.
//!
//! The package's formula counts the letters of `str(value)` wherever a message holds something that
//! is no text. Two things differ from Python and from no count: keys come in the order that
//! `serde_json` keeps, and whole numbers past 64 bits are floats, as `serde_json` reads them.
//!
//! Source: the Python language reference, `repr` of `str`, `float`, `list` and `dict`.

use serde_json::{Number, Value};
use std::borrow::Cow;

/// How deep values are written, which is as deep as `serde_json` reads; deeper ones are `...`.
const DEPTH_MAX: usize = 128;

/// Returns what Python's `str` makes of a value: a text as it is, anything else as `repr` has it.
pub(super) fn python_str(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        value => {
            let mut text = String::new();
            write_repr(value, 0, &mut text);
            Cow::Owned(text)
        }
    }
}

fn write_repr(value: &Value, depth: usize, out: &mut String) {
    match value {
        _ if depth > DEPTH_MAX => out.push_str("..."),
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Number(number) => write_number(number, out),
        Value::String(text) => write_quoted(text, out),
        Value::Array(items) => {
            let mut separator = "[";
            for item in items {
                out.push_str(separator);
                write_repr(item, depth + 1, out);
                separator = ", ";
            }
            out.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Value::Object(fields) => {
            let mut separator = "{";
            for (key, field) in fields {
                out.push_str(separator);
                write_quoted(key, out);
                out.push_str(": ");
                write_repr(field, depth + 1, out);
                separator = ", ";
            }
            out.push_str(if fields.is_empty() { "{}" } else { "}" });
        }
    }
}

fn write_number(number: &Number, out: &mut String) {
    match number.as_f64() {
        Some(float) if number.is_f64() => out.push_str(&float_repr(float)),
        _ => out.push_str(&number.to_string()),
    }
}

/// The shortest digits that read back as the same number; an exponent below 1e-4 and from 1e16 on.
fn float_repr(float: f64) -> String {
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let plain = format!("{float}");
    if plain.contains('.') { plain } else { plain + ".0" }
}

/// Python prefers single quotes, and takes double ones where they save escaping.
fn write_quoted(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for letter in text.chars() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            letter if letter == quote => out.extend(['\\', letter]),
            letter if is_printable(letter) => out.push(letter),
            letter => out.push_str(&escaped(u32::from(letter))),
        }
    }
    out.push(quote);
}

fn escaped(code: u32) -> String {
    match code {
        0..0x100 => format!("\\x{code:02x}"),
        0x100..0x1_0000 => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

/// Says what Python's `isprintable` says: no control, format, unassigned or private character, and of
/// the spaces only the plain one.
///
/// The standard library escapes the same ones in `Debug`: over all code points it differs from
/// Python 3.11 only in characters that Unicode gained since. It is asked about the second letter of a
/// text, because at the start of one it also escapes marks that belong to the letter before.
fn is_printable(letter: char) -> bool {
    if letter.is_ascii() {
        return (' '..='~').contains(&letter);
    }
    let mut bytes = *b".\0\0\0\0";
    let length = letter.encode_utf8(&mut bytes[1..]).len();
    std::str::from_utf8(&bytes[..=length]).is_ok_and(|pair| pair.escape_debug().eq(pair.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn assert_each(cases: &[(Value, &str)]) {
        for (value, expected) in cases {
            assert_eq!(python_str(value), *expected, "{value}");
        }
    }

    #[test]
    fn words_lists_and_maps_are_pythons() {
        assert_each(&[
            (json!(null), "None"),
            (json!(true), "True"),
            (json!(false), "False"),
            (json!([]), "[]"),
            (json!({}), "{}"),
            (json!([1, [], {"a": "b"}]), "[1, [], {'a': 'b'}]"),
            (json!({"a": null, "b": [true, 1.5]}), "{'a': None, 'b': [True, 1.5]}"),
        ]);
    }

    #[test]
    fn numbers_are_pythons() {
        assert_each(&[
            (json!(0), "0"),
            (json!(-7), "-7"),
            (json!(u64::MAX), "18446744073709551615"),
            (json!(0.0), "0.0"),
            (json!(-0.0), "-0.0"),
            (json!(1.0), "1.0"),
            (json!(0.1), "0.1"),
            (json!(0.0001), "0.0001"),
            (json!(0.00001), "1e-05"),
            (json!(1.5e-7), "1.5e-07"),
            (json!(123456789.125), "123456789.125"),
            (json!(9999999999999998.0), "9999999999999998.0"),
            (json!(1e16), "1e+16"),
            (json!(1.2345678901234568e17), "1.2345678901234568e+17"),
            (json!(-1e300), "-1e+300"),
            (json!(5e-324), "5e-324"),
        ]);
    }

    #[test]
    fn a_text_alone_is_itself_and_within_something_it_is_quoted() {
        assert_eq!(python_str(&json!("it's")), "it's");
        assert_each(&[
            (json!(["plain"]), "['plain']"),
            (json!(["it's"]), r#"["it's"]"#),
            (json!(["say \"hi\""]), r#"['say "hi"']"#),
            (json!(["it's \"hi\""]), r#"['it\'s "hi"']"#),
            (json!(["a\\b\n\r\t"]), r"['a\\b\n\r\t']"),
            (json!(["\u{0}\u{1b}\u{7f}\u{85}\u{a0}\u{ad}"]), r"['\x00\x1b\x7f\x85\xa0\xad']"),
            (json!(["\u{200b}\u{2028}\u{e000}\u{feff}"]), r"['\u200b\u2028\ue000\ufeff']"),
            (json!(["\u{1f642}\u{e0001}"]), "['🙂\\U000e0001']"),
            (json!(["ü中e\u{301}\u{301}"]), "['ü中e\u{301}\u{301}']"),
            (json!(["\u{301}"]), "['\u{301}']"),
        ]);
    }

    #[test]
    fn a_value_deeper_than_json_is_read_ends_in_dots() {
        let deep = (0..DEPTH_MAX * 2).fold(json!(1), |value, _| json!([value]));
        assert!(python_str(&deep).contains("[...]"));
        assert_eq!(python_str(&deep).len(), 2 * (DEPTH_MAX + 1) + "...".len());
    }
}
