//! The process environment, and the list syntax that OpenTelemetry's variables share.
//!
//! Source: OpenTelemetry specification, "Environment Variable Specification" and "Resource SDK";
//! the list is W3C baggage without properties.

use super::error::Refusal;
use percent_encoding::percent_decode_str;

/// Reads a variable of this process. What is no Unicode is kept with replacement characters, so
/// that it is refused by name rather than overlooked.
pub(crate) fn process_environment(variable: &str) -> Option<String> {
    std::env::var_os(variable).map(|value| value.to_string_lossy().into_owned())
}

/// Reads a switch: `true` or `false` in any case, and no other word.
pub(super) fn true_or_false(text: &str) -> Result<bool, Refusal> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Refusal::of_text(text, "true or false")),
    }
}

/// Reads `key=value,key=value`, percent-decoded, white space around keys and values left out;
/// `None` when an entry has no `=`, an empty key, or bytes that are no UTF-8.
pub(super) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries.map(pair).collect()
}

fn pair(entry: &str) -> Option<(String, String)> {
    let (key, value) = entry.split_once('=')?;
    let key = decoded(key)?;
    (!key.is_empty()).then_some((key, decoded(value)?))
}

fn decoded(text: &str) -> Option<String> {
    Some(percent_decode_str(text.trim()).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_and_trimmed() {
        let read = pairs(" team = a%2Cb , token=Basic eDp5==,,empty=,half=100%,").unwrap();
        let expected =
            [("team", "a,b"), ("token", "Basic eDp5=="), ("empty", ""), ("half", "100%")];
        assert_eq!(read, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }

    #[test]
    fn one_bad_entry_refuses_the_list() {
        for bad in ["team", "=a", "a=1,b", "a=%ff", "%20=1,=2"] {
            assert_eq!(pairs(bad), None, "{bad}");
        }
    }
}
