//! The function rewritten: it begins a span, runs its body inside, and ends the span with what came of it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use super::finish::{Finish, failure_of};
use super::shape::{Carried, Shape};
use super::{Traced, body, parameters};
use crate::expand::{CallSite, argument, put_all, span_ref};

/// Returns the function with a span around its body.
pub(crate) fn rewrite(traced: &Traced) -> TokenStream {
    let root = traced.args.root();
    let private = quote_spanned!(Span::mixed_site()=> #root::__private);
    let shape = &traced.shape;
    let begin = begin(traced, &private);
    let finish = Finish {
        private: &private,
        error_text: traced.args.error_text,
        ret: traced.args.ret.as_ref(),
    };
    let rest = match (&shape.carried, shape.is_async) {
        (Some(carried), _) => carrying(traced, shape, carried, &finish),
        (None, true) => awaited(traced, shape, &finish),
        (None, false) => called(traced, shape, &finish),
    };
    traced.function.with_body(&quote_spanned!(Span::mixed_site()=> #begin #rest))
}

/// Returns the statements that leave a begun span under the name `span`.
fn begin(traced: &Traced, private: &TokenStream) -> TokenStream {
    let here = Span::mixed_site();
    let Traced { args, function, recorded, .. } = traced;
    let own_name = function.name();
    let by_role = match &args.role {
        Some(role) => role.span_name(&own_name),
        None => own_name.clone(),
    };
    let name: &dyn ToTokens = match &args.name {
        Some(name) => name,
        None => &by_role,
    };
    let site = CallSite {
        private,
        name,
        kind: args.kind,
        function: Some(&own_name),
        place: function.signature.ident.span(),
        attributes: &args.attributes,
        parent: args.parent.as_ref(),
    };
    let mut puts = put_all(private, &args.attributes);
    puts.extend(args.follows_from.as_ref().map(|causes| links(private, causes)));
    if !recorded.is_empty() {
        let target = quote_spanned!(here=> span);
        let arguments = recorded.iter().map(|name| {
            let reference = quote_spanned!(here=> &#name);
            argument(private, &target, &parameters::key(name), &reference)
        });
        puts.extend(quote_spanned!(here=> { use #private::argument::*; #(#arguments)* }));
    }
    match &args.role {
        Some(role) if role.is_measured() => site.begin_measured(&puts),
        _ if args.pace.is_coarse() => site.begin_coarse(&puts),
        _ => site.begin(&puts),
    }
}

/// Returns the statement that links the span to each of its causes.
fn links(private: &TokenStream, causes: &Expr) -> TokenStream {
    let here = Span::mixed_site();
    // At the place of the list: an error of the type of its items points there.
    let cause = Ident::new("cause", causes.span().resolved_at(here));
    let named = span_ref(private, &cause);
    quote_spanned! {here=>
        for #cause in #causes { #private::Begun::follow(&mut span, #named); }
    }
}

/// A sync function. Its body moves into a closure only where a `return` or `?` may hold an error.
fn called(traced: &Traced, shape: &Shape, finish: &Finish<'_>) -> TokenStream {
    let here = Span::mixed_site();
    let private = finish.private;
    let body = &traced.function.body;
    // A guard knows what to put back within its own trace alone, and this may be another.
    let apart = traced
        .args
        .parent
        .as_ref()
        .map(|_| quote_spanned!(here=> let _apart = #private::Begun::apart(&span);));
    let is_coarse = traced.args.pace.is_coarse();
    if !shape.can_fail && finish.ret.is_none() && !is_coarse {
        let statements = body.stream();
        return quote_spanned!(here=> #apart let _guard = #private::Begun::enter(span); #statements);
    }
    let run = body::closure(shape.returned.as_ref(), body);
    let outcome = finish.outcome(shape.can_fail);
    // Said here, the end is inlined, which is most of what such a span saves.
    let end = is_coarse.then(|| quote_spanned!(here=> #private::SpanGuard::end_coarse(guard);));
    let mutable = (!outcome.is_empty()).then(|| quote_spanned!(here=> mut));
    quote_spanned! {here=>
        #apart
        let #mutable guard = #private::Begun::enter(span);
        let returned = #private::call(#run);
        #outcome
        #end
        returned
    }
}

/// An async function: its span begins when it is first polled.
fn awaited(traced: &Traced, shape: &Shape, finish: &Finish<'_>) -> TokenStream {
    let here = Span::mixed_site();
    let body = body::async_block(shape.returned.as_ref(), &traced.function.body);
    let awaited = finish.awaited(&quote_spanned!(here=> body), shape.can_fail);
    let allowed = shape.may_return_a_future.then(|| {
        quote_spanned!(here=> #[allow(clippy::async_yields_async, reason = "the async fn itself returns it")])
    });
    quote_spanned!(here=> #allowed let body = #body; #awaited)
}

/// A function whose caller drives what it returns: the span goes with that.
fn carrying(traced: &Traced, shape: &Shape, carried: &Carried, finish: &Finish<'_>) -> TokenStream {
    let here = Span::mixed_site();
    let private = finish.private;
    let body = &traced.function.body;
    let (obtain, method) = if shape.is_async {
        let future = body::async_block(shape.returned.as_ref(), body);
        let obtain = quote_spanned! {here=>
            #[allow(clippy::async_yields_async, reason = "the async fn itself returns it")]
            let body = #future;
            let (carried, span) = #private::Begun::held(span, body).await;
        };
        (obtain, None)
    } else {
        let given = body::given(carried, shape.returned.as_ref(), body, private);
        let value = given.value;
        (quote_spanned!(here=> let carried = #value;), given.method)
    };
    let wrapped = finish.carried(carried, shape.returned.as_ref(), method.as_ref());
    if !carried.in_result {
        return quote_spanned!(here=> #obtain #wrapped);
    }
    let failure = failure_of(private, finish.error_text, &quote_spanned!(here=> failed));
    quote_spanned! {here=>
        #obtain
        match carried {
            ::core::result::Result::Ok(carried) => ::core::result::Result::Ok({ #wrapped }),
            ::core::result::Result::Err(error) => {
                let failed = ::core::result::Result::<::core::convert::Infallible, _>::Err(error);
                {
                    let guard = #private::Begun::enter(span);
                    #failure
                }
                let ::core::result::Result::Err(error) = failed;
                ::core::result::Result::Err(error)
            }
        }
    }
}
