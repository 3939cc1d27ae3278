//! The tokens that a public `macro_rules!` hands over: the path of its crate in brackets, then the caller's own.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token, bracketed};

/// Reads `[crate path]` and returns the path of its `__private` module.
pub(crate) fn parse_private(input: ParseStream) -> syn::Result<TokenStream> {
    let inside;
    bracketed!(inside in input);
    let root: TokenStream = inside.parse()?;
    Ok(quote_spanned!(Span::mixed_site()=> #root::__private))
}

/// Reads the name of a span and the comma after it.
///
/// # Errors
///
/// Returns an error that sends every other expression to the function of the same name.
pub(crate) fn parse_name(input: ParseStream, function: &str, form: &str) -> syn::Result<LitStr> {
    let name = input.parse::<LitStr>().map_err(|error| {
        let message = format!(
            "the name of `{function}!` is no string literal; for a name made at run time use the function `{function}({form})`"
        );
        syn::Error::new(error.span(), message)
    })?;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(name)
}

/// Reads `input` as a `T`, and returns its expansion or the errors in its place.
pub(crate) fn expand<T: Parse>(
    input: TokenStream,
    expansion: fn(&T) -> TokenStream,
) -> TokenStream {
    match syn::parse2::<T>(input) {
        Ok(read) => expansion(&read),
        Err(error) => error.into_compile_error(),
    }
}
