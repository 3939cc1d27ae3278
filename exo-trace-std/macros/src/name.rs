//! The name of a span, as `#[traced]` is told it: a text, or the constant that holds one.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{LitStr, Path};

use crate::forms::literal;

/// What stands after `name =`.
pub(crate) enum Name {
    Text(LitStr),
    /// What it says is not known here: it shows attributes, and records no parameter.
    Constant(Path),
}

impl Name {
    /// Reads a text, or the path of a constant.
    ///
    /// # Errors
    ///
    /// Returns an error that names what is neither.
    pub(crate) fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::Text);
        }
        literal(input, "name", "a string literal or a constant").map(Self::Constant)
    }

    /// Returns the text where it is known.
    pub(crate) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.value()),
            Self::Constant(_) => None,
        }
    }
}

impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            // As a value: a raw string stands for the same name as a plain one.
            Self::Text(text) => text.value().to_tokens(tokens),
            Self::Constant(path) => path.to_tokens(tokens),
        }
    }
}
