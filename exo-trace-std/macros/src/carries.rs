//! The words `future`, `stream` and `iterator`: what a function gives its caller to drive.

use syn::parse::ParseStream;
use syn::{Ident, Token, parenthesized, token};

/// What a function gives back for its caller to drive, and the span follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Carries {
    Future,
    Stream,
    Iterator,
}

/// One of the words, as it was said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) word: Ident,
    pub(crate) carries: Carries,
    /// `stream(result)`: it comes as the good value of a `Result`, whatever that is called.
    pub(crate) in_result: bool,
}

impl Said {
    /// Reads what follows `word`: nothing, or `(result)`.
    ///
    /// # Errors
    ///
    /// Returns an error at `word` for anything else.
    pub(crate) fn parse(word: Ident, carries: Carries, input: ParseStream) -> syn::Result<Self> {
        let refused = || {
            let message = format!(
                "argument `{word}` has another value, expected `{word}` or `{word}(result)`"
            );
            syn::Error::new(word.span(), message)
        };
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(Self { word, carries, in_result: false });
        }
        if !input.peek(token::Paren) {
            return Err(refused());
        }
        let inside;
        parenthesized!(inside in input);
        match inside.parse::<Ident>() {
            Ok(found) if found == "result" && inside.is_empty() => {
                Ok(Self { word, carries, in_result: true })
            }
            _ => Err(refused()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::ext::IdentExt;
    use syn::parse::Parser;

    fn read(text: &str) -> syn::Result<Said> {
        let said =
            |input: ParseStream| Said::parse(input.call(Ident::parse_any)?, Carries::Stream, input);
        said.parse_str(text)
    }

    #[test]
    fn what_is_driven_can_be_said_to_come_in_a_result() {
        assert!(read("stream(result)").unwrap().in_result);
        assert!(!read("stream").unwrap().in_result);
    }

    #[test]
    fn any_other_value_is_refused() {
        let expected = "argument `stream` has another value, expected `stream` or `stream(result)`";
        for other in ["stream = true", "stream()", "stream(option)", "stream(result, 1)"] {
            assert_eq!(read(other).unwrap_err().to_string(), expected, "{other}");
        }
    }
}
