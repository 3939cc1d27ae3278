//! Which characters keys, values and properties of baggage are made of on the wire.
//!
//! Source: W3C Baggage, §3.3.1; RFC 7230, §3.2.6 (tokens).

use percent_encoding::{AsciiSet, CONTROLS};

/// What must be encoded in a value: all that is no baggage-octet, and the percent sign itself.
pub(super) const ENCODED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'%').add(b',').add(b';').add(b'\\');

/// What is encoded where there is room for it: `+`, which the Python package reads as a space, and `=`,
/// at which OpenTelemetry's Rust SDK ends a value.
pub(super) const ENCODED_WITH_CARE: &AsciiSet = &ENCODED.add(b'+').add(b'=');

/// Removes the optional white space of HTTP from both ends.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Tells whether the text is a token, as keys are.
pub(super) fn is_token(text: &str) -> bool {
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_inside)
}

/// Tells whether the text is a value as it stands on the wire.
pub(super) fn is_octets(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte))
}

/// Parts `key OWS "=" OWS value`, or a key alone, which only properties may be.
pub(super) fn parted(text: &str) -> (&str, Option<&str>) {
    match text.split_once('=') {
        Some((key, value)) => (trimmed(key), Some(trimmed(value))),
        None => (trimmed(text), None),
    }
}

/// Writes properties without blanks, or returns `None` where one of them is broken.
pub(super) fn properties(text: &str) -> Option<String> {
    let mut canonical = String::with_capacity(text.len());
    for property in text.split(';') {
        let (key, value) = parted(property);
        if !is_token(key) || !is_octets(value.unwrap_or_default()) {
            return None;
        }
        let semicolon = if canonical.is_empty() { "" } else { ";" };
        canonical.extend([semicolon, key]);
        canonical.extend(value.iter().flat_map(|value| ["=", value]));
    }
    Some(canonical)
}
