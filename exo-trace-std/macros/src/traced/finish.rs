//! How a span learns what came of its function: an error is recorded once, a returned value where asked.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::{Type, parse_quote};

use super::returns::erased;
use super::shape::{Carried, Holder};
use crate::carries::Carries;
use crate::expand::{argument, interned};
use crate::text::{Ret, Text};

/// The end of one function's span.
pub(crate) struct Finish<'a> {
    pub(crate) private: &'a TokenStream,
    pub(crate) error_text: Option<Text>,
    pub(crate) ret: Option<&'a Ret>,
}

/// Returns the statement that tells `guard` of the error in `returned`, if there is one.
pub(crate) fn failure_of(
    private: &TokenStream,
    text: Option<Text>,
    returned: &TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    let by = probe(text);
    quote_spanned! {here=> {
        use #private::returned::*;
        #private::SpanGuard::fail(&guard, (&&&&#private::#by(&#returned)).__exo_failure());
    }}
}

/// Returns the statement that tells `guard` of the value in `returned`: of a `Result` the good one,
/// the other is told as the failure it is.
fn value_of(private: &TokenStream, ret: &Ret) -> TokenStream {
    let here = Span::mixed_site();
    let put = match ret.text {
        None => {
            let (guard, value) = (quote_spanned!(here=> guard), quote_spanned!(here=> value));
            let put = argument(private, &guard, "ret", &value);
            quote_spanned!(here=> use #private::argument::*; #put)
        }
        Some(text) => put_text(private, ret, text),
    };
    quote_spanned! {here=>
        if #private::SpanGuard::is_recording(&guard) {
            use #private::returned::*;
            if let ::core::option::Option::Some(value) = (&&#private::Good(&returned)).__exo_good() {
                #put
            }
        }
    }
}

/// Returns the statement that records `value` by one of its texts; if it has none, the error is at `ret`.
fn put_text(private: &TokenStream, ret: &Ret, text: Text) -> TokenStream {
    let here = Span::mixed_site();
    let there = ret.word.span().resolved_at(here);
    let key = interned(private, &quote_spanned!(here=> #private::Key::new("ret")));
    let form = match text {
        Text::Display => Ident::new("display", there),
        Text::Debug => Ident::new("debug", there),
    };
    let field = quote_spanned!(there=> #private::Field::#form(value));
    quote_spanned!(here=> #private::Put::put_field(&mut guard, #key, #field);)
}

/// Returns the type whose method `__exo_failure` looks for an error.
fn probe(text: Option<Text>) -> Ident {
    let name = match text {
        Some(Text::Debug) => "ReturnedDebug",
        Some(Text::Display) | None => "Returned",
    };
    Ident::new(name, Span::mixed_site())
}

/// Returns the type of an item, by its own name or as what the returned type yields by `yields`: an
/// error made by `?` has no other type than the signature gives it.
fn item_of(carried: &Carried, returned: Option<&Type>, yields: &TokenStream) -> Option<Type> {
    if let Some(item) = &carried.output {
        return Some(erased(item));
    }
    let returned = returned.filter(|_| carried.holder != Holder::Bare && !carried.in_result)?;
    Some(parse_quote!(<#returned as #yields>::Item))
}

impl Finish<'_> {
    /// Returns the statements that tell `guard` what is in `returned`.
    pub(crate) fn outcome(&self, can_fail: bool) -> TokenStream {
        let here = Span::mixed_site();
        let private = self.private;
        let returned = quote_spanned!(here=> returned);
        let mut outcome = TokenStream::new();
        outcome.extend(self.ret.map(|ret| value_of(private, ret)));
        if can_fail {
            outcome.extend(failure_of(private, self.error_text, &returned));
        }
        outcome
    }

    /// Returns statements that await `future` inside the span; they end in its output.
    pub(crate) fn awaited(&self, future: &TokenStream, can_fail: bool) -> TokenStream {
        let here = Span::mixed_site();
        if self.ret.is_none() {
            let future = self.followed(future, can_fail);
            return quote_spanned!(here=> #future.await);
        }
        let private = self.private;
        let outcome = self.outcome(can_fail);
        quote_spanned! {here=>
            let (returned, span) = #private::Begun::held(span, #future).await;
            {
                let mut guard = #private::Begun::enter(span);
                #outcome
            }
            returned
        }
    }

    /// Returns the expression that gives the caller what it drives, from `span` and `carried`.
    ///
    /// `method` boxes it, where the function's own last line did so by a method.
    pub(crate) fn carried(
        &self,
        carried: &Carried,
        returned: Option<&Type>,
        method: Option<&Ident>,
    ) -> TokenStream {
        let here = Span::mixed_site();
        let private = self.private;
        let driven = match carried.carries {
            Carries::Stream => {
                let by = quote_spanned!(here=> #private::Stream);
                self.yielding("stream", carried, item_of(carried, returned, &by))
            }
            Carries::Iterator => {
                let by = quote_spanned!(here=> ::core::iter::Iterator);
                self.yielding("iterator", carried, item_of(carried, returned, &by))
            }
            Carries::Future => self.driven(&quote_spanned!(here=> carried), self.can_fail(carried)),
        };
        match (carried.holder, method) {
            (Holder::Bare, _) => driven,
            (_, Some(method)) => quote_spanned!(here=> #driven.#method()),
            (Holder::Box, None) => quote_spanned!(here=> ::std::boxed::Box::new(#driven)),
            (Holder::PinBox, None) => quote_spanned!(here=> ::std::boxed::Box::pin(#driven)),
        }
    }

    fn can_fail(&self, carried: &Carried) -> bool {
        carried.output_can_fail() || self.error_text.is_some()
    }

    /// Returns what runs `carried` inside the span by the verb of its kind, and looks at its items
    /// where one might be an error.
    fn yielding(&self, kind: &str, carried: &Carried, item: Option<Type>) -> TokenStream {
        let here = Span::mixed_site();
        let private = self.private;
        if !self.can_fail(carried) {
            let verb = Ident::new(kind, here);
            return quote_spanned!(here=> #private::Begun::#verb(span, carried));
        }
        let verb = format_ident!("{kind}_with", span = here);
        let by = probe(self.error_text);
        let item = item.map(|item| quote_spanned!(here=> : &#item));
        quote_spanned! {here=>
            #private::Begun::#verb(span, carried, |returned #item| {
                use #private::returned::*;
                (&&&&#private::#by(returned)).__exo_failure()
            })
        }
    }

    /// Returns a future that runs `future` inside the span.
    fn driven(&self, future: &TokenStream, can_fail: bool) -> TokenStream {
        if self.ret.is_none() {
            return self.followed(future, can_fail);
        }
        let awaited = self.awaited(future, can_fail);
        quote_spanned!(Span::mixed_site()=> async move { #awaited })
    }

    fn followed(&self, future: &TokenStream, can_fail: bool) -> TokenStream {
        let here = Span::mixed_site();
        let private = self.private;
        if !can_fail {
            return quote_spanned!(here=> #private::Begun::future(span, #future));
        }
        let by = probe(self.error_text);
        quote_spanned! {here=>
            #private::Begun::future_with(span, #future, |returned| {
                use #private::returned::*;
                (&&&&#private::#by(returned)).__exo_failure()
            })
        }
    }
}
