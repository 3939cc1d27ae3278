//! `span_async!("name", key = value, …, { body })`: a future whose span begins with its first poll.
//!
//! The last argument is a block, which may await, or any expression that is a future. It borrows
//! what it uses, as `async { … }` does; `async move { … }` takes it.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, LitStr, Token};

use super::wrapped::{expand, parse_name, parse_private};
use super::{CallSite, put_all};
use crate::grammar::{Attribute, Attributes, parse_allow_unknown};
use crate::kind::Kind;

struct SpanAsync {
    private: TokenStream,
    name: LitStr,
    attributes: Attributes,
    future: Expr,
}

impl Parse for SpanAsync {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let private = parse_private(input)?;
        let name = parse_name(input, "span_async", "name, attributes, future")?;
        let mut attributes =
            Attributes { list: Vec::new(), allow_unknown: parse_allow_unknown(input)? };
        let missing = || {
            syn::Error::new(
                name.span(),
                "span_async! has no body, expected `{ … }` or a future for its last argument",
            )
        };
        let future = loop {
            if input.is_empty() {
                return Err(missing());
            }
            match parse_attribute(input) {
                Ok(attribute) => attributes.list.push(attribute),
                Err(error) => break parse_future(input).map_err(|_| error)?,
            }
        };
        attributes.check()?;
        Ok(Self { private, name, attributes, future })
    }
}

/// Reads an attribute that is not the future; on an error `input` stands where it stood.
fn parse_attribute(input: ParseStream) -> syn::Result<Attribute> {
    let ahead = input.fork();
    let attribute: Attribute = ahead.parse()?;
    if !ahead.is_empty() {
        ahead.parse::<Token![,]>()?;
    }
    if ahead.is_empty() && attribute.is_lone_name() {
        return Err(input.error("expected a future"));
    }
    input.advance_to(&ahead);
    Ok(attribute)
}

fn parse_future(input: ParseStream) -> syn::Result<Expr> {
    let future = input.parse()?;
    input.parse::<Option<Token![,]>>()?;
    if input.is_empty() {
        Ok(future)
    } else {
        Err(input.error("expected the end: the future comes last"))
    }
}

/// Expands `span_async_in!([crate] "name", key = value, …, future)`.
pub(crate) fn span_async_in(input: TokenStream) -> TokenStream {
    expand(input, SpanAsync::to_future)
}

impl SpanAsync {
    fn to_future(&self) -> TokenStream {
        let here = Span::mixed_site();
        let Self { private, name, attributes, future } = self;
        let site = CallSite {
            private,
            name: &name.value(),
            kind: Kind::Internal,
            function: None,
            place: Span::call_site(),
            attributes,
            parent: None,
        };
        let begin = site.begin(&put_all(private, attributes));
        let (capture, future) = match future {
            Expr::Block(block) if block.label.is_none() && block.attrs.is_empty() => {
                (None, quote_spanned!(here=> async #block))
            }
            Expr::Async(block) => (block.capture, quote!(#block)),
            other => (None, quote!(#other)),
        };
        quote_spanned! {here=> async #capture { #begin #private::Begun::awaited(span, #future).await } }
    }
}
