//! `span_sync!("name", key = value, …)`: a guard whose span ends with the scope it stands in.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::LitStr;
use syn::parse::{Parse, ParseStream};

use super::wrapped::{expand, parse_name, parse_private};
use super::{CallSite, put_all};
use crate::grammar::Attributes;
use crate::kind::Kind;

struct SpanSync {
    private: TokenStream,
    name: LitStr,
    attributes: Attributes,
}

impl Parse for SpanSync {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let private = parse_private(input)?;
        let name = parse_name(input, "span_sync", "name, attributes")?;
        let attributes: Attributes = input.parse()?;
        attributes.check()?;
        Ok(Self { private, name, attributes })
    }
}

/// Expands `span_sync_in!([crate] "name", key = value, …)`.
pub(crate) fn span_sync_in(input: TokenStream) -> TokenStream {
    expand(input, SpanSync::to_guard)
}

impl SpanSync {
    fn to_guard(&self) -> TokenStream {
        let Self { private, name, attributes } = self;
        let site = CallSite {
            private,
            name: &name.value(),
            kind: Kind::Internal,
            function: None,
            place: Span::call_site(),
            attributes,
            parent: None,
        };
        let puts = put_all(private, attributes);
        let begin = site.begin_bare(&puts);
        // Two ways to the guard, so that a span that is not recorded writes next to nothing into it.
        quote_spanned! {Span::mixed_site()=> {
            #begin
            if #private::Begun::is_recording(&span) {
                #puts
                #private::Begun::enter(span)
            } else {
                #private::Begun::enter_unrecorded(span)
            }
        } }
    }
}
