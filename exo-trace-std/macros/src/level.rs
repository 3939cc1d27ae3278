//! Levels as `tracing` has them: a word of the call site, and no filter.

use syn::parse::ParseStream;
use syn::{LitInt, LitStr, Path};

use crate::forms::literal;

/// The levels, in the order of their numbers.
const LEVELS: [&str; 5] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];
const EXPECTED: &str = "\"trace\", \"debug\", \"info\", \"warn\", \"error\", `Level::DEBUG` and its like, or a number from 1 to 5";

/// Reads a level: a text in any case, a number from 1 to 5, or the path of one of the constants.
///
/// # Errors
///
/// Returns an error that names what is no level.
pub(crate) fn parse(input: ParseStream) -> syn::Result<&'static str> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return known(&text.value().to_ascii_uppercase()).ok_or_else(|| refused(&text));
    }
    if input.peek(LitInt) {
        let number: LitInt = input.parse()?;
        let place = number.base10_parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        return place.and_then(|place| LEVELS.get(place).copied()).ok_or_else(|| refused(&number));
    }
    let path: Path = literal(input, "level", EXPECTED)?;
    let constant = path.segments.last().map(|segment| segment.ident.to_string());
    constant.and_then(|name| known(&name)).ok_or_else(|| refused(&path))
}

fn known(name: &str) -> Option<&'static str> {
    LEVELS.into_iter().find(|level| *level == name)
}

fn refused(written: &impl quote::ToTokens) -> syn::Error {
    let text = written.to_token_stream();
    syn::Error::new_spanned(written, format!("level is `{text}`, expected {EXPECTED}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse::Parser;

    fn level(text: &str) -> syn::Result<&'static str> {
        parse.parse_str(text)
    }

    #[test]
    fn a_level_is_a_text_a_number_or_a_constant() {
        for debug in ["\"debug\"", "\"Debug\"", "2", "Level::DEBUG", "tracing::Level::DEBUG"] {
            assert_eq!(level(debug).unwrap(), "DEBUG", "{debug}");
        }
        assert_eq!(level("5").unwrap(), "ERROR");
    }

    #[test]
    fn what_is_no_level_is_named() {
        for (text, named) in [("\"loud\"", "\"loud\""), ("0", "0"), ("6", "6"), ("LEVEL", "LEVEL")]
        {
            let message = level(text).unwrap_err().to_string();
            assert!(message.starts_with(&format!("level is `{named}`, expected ")), "{message}");
        }
    }
}
