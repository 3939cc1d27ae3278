//! The arguments `err` and `ret`: by which of its two texts a value is recorded.

use syn::parse::ParseStream;
use syn::{Ident, Token, parenthesized, token};

use crate::forms::{bare, equals, literal};
use crate::level;

/// One of the two texts of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Text {
    Display,
    Debug,
}

/// The argument `ret`, as it was said.
#[derive(Debug)]
pub(crate) struct Ret {
    pub(crate) word: Ident,
    /// `None`: a number as a number, else by whichever text there is.
    pub(crate) text: Option<Text>,
}

impl Ret {
    /// Reads what may follow `ret`: nothing, or what [`Text::parse`] reads.
    ///
    /// # Errors
    ///
    /// Returns an error at anything else.
    pub(crate) fn parse(word: Ident, input: ParseStream) -> syn::Result<Self> {
        let text = Text::parse(&word, input)?;
        bare(&word, input)?;
        Ok(Self { word, text })
    }
}

impl Text {
    /// Reads what may follow `word`: nothing, `(Display)`, `(Debug)`, and a level among it, which is read
    /// and has no say: nothing here is filtered by levels.
    ///
    /// # Errors
    ///
    /// Returns an error that names what else stands in the parentheses.
    pub(crate) fn parse(word: &Ident, input: ParseStream) -> syn::Result<Option<Self>> {
        if !input.peek(token::Paren) {
            return Ok(None);
        }
        let inside;
        parenthesized!(inside in input);
        let mut text = None;
        while !inside.is_empty() {
            let said: Ident = literal(&inside, &word.to_string(), "Display or Debug")?;
            match said.to_string().as_str() {
                "Display" if text.is_none() => text = Some(Self::Display),
                "Debug" if text.is_none() => text = Some(Self::Debug),
                "Display" | "Debug" => {
                    let message = format!("{word} has two texts, expected Display or Debug");
                    return Err(syn::Error::new(said.span(), message));
                }
                "level" => {
                    equals(&said, "= \"warn\"", &inside)?;
                    level::parse(&inside)?;
                }
                _ => {
                    let message = format!("{word} is `{said}`, expected Display or Debug");
                    return Err(syn::Error::new(said.span(), message));
                }
            }
            if !inside.is_empty() {
                inside.parse::<Token![,]>()?;
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::ext::IdentExt;
    use syn::parse::Parser;

    fn text(written: &str) -> syn::Result<Option<Text>> {
        let read = |input: ParseStream| Text::parse(&input.call(Ident::parse_any)?, input);
        read.parse_str(written)
    }

    #[test]
    fn a_text_stands_beside_a_level_in_any_order() {
        for debug in ["ret(Debug)", "ret(Debug, level = \"warn\")", "ret(level = 4, Debug)"] {
            assert_eq!(text(debug).unwrap(), Some(Text::Debug), "{debug}");
        }
        for neither in ["ret", "ret()", "ret(level = Level::WARN)"] {
            assert_eq!(text(neither).unwrap(), None, "{neither}");
        }
    }

    #[test]
    fn anything_else_is_named() {
        for (written, expected) in [
            ("err(Short)", "err is `Short`, expected Display or Debug"),
            ("err(Display, Debug)", "err has two texts, expected Display or Debug"),
            ("err(level)", "argument `level` has no value, expected `level = \"warn\"`"),
        ] {
            assert_eq!(text(written).unwrap_err().to_string(), expected);
        }
    }
}
