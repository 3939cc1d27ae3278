//! The forms an argument of `#[traced]` can take: alone, `= value`, `(…)`; another form is refused by what was written.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Ident, Token, parenthesized, token};

/// Reads the parentheses after `word`, which mean `form`.
///
/// # Errors
///
/// Returns an error at `word` where there are none, or the error of `read`.
pub(crate) fn in_parentheses<T>(
    word: &Ident,
    form: &str,
    input: ParseStream,
    read: fn(ParseStream) -> syn::Result<T>,
) -> syn::Result<T> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(
            word.span(),
            format!("argument `{word}` stands alone, expected `{word}{form}`"),
        ));
    }
    let inside;
    parenthesized!(inside in input);
    read(&inside)
}

/// Makes sure that nothing follows `word`.
///
/// # Errors
///
/// Returns an error at `word` if something does.
pub(crate) fn bare(word: &Ident, input: ParseStream) -> syn::Result<bool> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(true);
    }
    Err(syn::Error::new(
        word.span(),
        format!("argument `{word}` takes no value, expected `{word}` alone"),
    ))
}

/// Reads the `=` of what means `word form`.
///
/// # Errors
///
/// Returns an error at `word` where there is none.
pub(crate) fn equals(word: &Ident, form: &str, input: ParseStream) -> syn::Result<()> {
    if input.peek(Token![=]) {
        return input.parse::<Token![=]>().map(drop);
    }
    Err(syn::Error::new(
        word.span(),
        format!("argument `{word}` has no value, expected `{word} {form}`"),
    ))
}

/// Reads one literal or word.
///
/// # Errors
///
/// Returns an error that names `word` and what was written instead of `expected`.
pub(crate) fn literal<T: Parse>(input: ParseStream, word: &str, expected: &str) -> syn::Result<T> {
    let ahead = input.fork();
    input.parse().map_err(|error| {
        let written = rest_of_argument(&ahead);
        if written.is_empty() {
            return syn::Error::new(
                error.span(),
                format!("{word} has no value, expected {expected}"),
            );
        }
        syn::Error::new_spanned(&written, format!("{word} is `{written}`, expected {expected}"))
    })
}

/// Passes over what is left of a refused argument.
///
/// # Errors
///
/// Returns an error where the tokens can not be read.
pub(crate) fn skip_to_comma(input: ParseStream) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

fn rest_of_argument(input: ParseStream) -> TokenStream {
    let mut written = TokenStream::new();
    while let (false, Ok(tree)) = (input.peek(Token![,]), input.parse::<TokenTree>()) {
        written.extend([tree]);
    }
    written
}
