//! `attributes! { … }`: an array on the stack, its keys interned in statics, its values borrowed.
//!
//! The array is written bare, without a block around it: what its values borrow lives to the end
//! of the statement it stands in.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::parse::{Parse, ParseStream};

use super::put::{field, interned, key};
use super::wrapped::{expand, parse_private};
use crate::grammar::Attributes;

struct Array {
    private: TokenStream,
    attributes: Attributes,
}

impl Parse for Array {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let private = parse_private(input)?;
        let attributes: Attributes = input.parse()?;
        attributes.check()?;
        Ok(Self { private, attributes })
    }
}

/// Expands `attributes_in!([crate] key = value, …)`.
pub(crate) fn attributes_in(input: TokenStream) -> TokenStream {
    expand(input, Array::to_array)
}

impl Array {
    fn to_array(&self) -> TokenStream {
        let here = Span::mixed_site();
        let private = &self.private;
        if self.attributes.list.is_empty() {
            return quote_spanned! {here=> {
                let none: [#private::Attribute<'static>; 0] = [];
                none
            }};
        }
        let list = self.attributes.list.iter().map(|attribute| {
            let key = interned(private, &key(private, &attribute.key));
            let field = field(private, &attribute.value);
            quote_spanned!(here=> #private::Attribute::new(#key, #field))
        });
        quote_spanned!(here=> [#(#list),*])
    }
}
