//! The body of the function, moved to where the span can see it end.
//!
//! A `return` or `?` in it must leave the body and not the span, so it becomes a closure or an
//! async block. The declared return type goes along, because inference needs it there.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::visit::{self, Visit};
use syn::{
    Block, Expr, ExprAsync, ExprCall, ExprClosure, ExprReturn, Stmt, Type, parse_quote_spanned,
};

use super::returns::erased;
use super::shape::{Carried, Holder};
use crate::carries::Carries;

/// Returns the body as a closure to be called once.
pub(crate) fn closure(returned: Option<&Type>, body: &Group) -> TokenStream {
    let here = Span::mixed_site();
    match returned {
        Some(returned) => quote_spanned!(here=> move || -> #returned #body),
        None => quote_spanned!(here=> move || #body),
    }
}

/// Returns the body as a future.
pub(crate) fn async_block(returned: Option<&Type>, body: &Group) -> TokenStream {
    let hint = returned.map(hint);
    let statements = body.stream();
    let mut hinted = Group::new(Delimiter::Brace, quote!(#hint #statements));
    hinted.set_span(body.span());
    quote_spanned!(Span::mixed_site()=> async move #hinted)
}

/// Returns a statement that never acts, and from which an async block learns what it returns.
fn hint(returned: &Type) -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        if let ::core::option::Option::Some(never) = ::core::option::Option::None::<#returned> {
            return never;
        }
    }
}

/// What the body gives its caller to drive, and by which method of its own it was boxed.
pub(crate) struct Given {
    pub(crate) value: TokenStream,
    pub(crate) method: Option<Ident>,
}

/// Returns what the body gives its caller to drive: made while the span is current, and without
/// its box where the box is made in the last line, so that the span needs no second one.
pub(crate) fn given(
    carried: &Carried,
    returned: Option<&Type>,
    body: &Group,
    private: &TokenStream,
) -> Given {
    let here = Span::mixed_site();
    match unboxed(carried, body) {
        Some((Expr::Async(block), method)) if carried.carries == Carries::Future => {
            Given { value: hinted(block, carried.output.as_ref()), method }
        }
        Some((inside, method)) if carried.holder != Holder::Bare => {
            let value = quote_spanned!(here=> #private::Begun::scope(&span, move || #inside));
            Given { value, method }
        }
        _ => {
            let run = closure(returned, body);
            Given {
                value: quote_spanned!(here=> #private::Begun::scope(&span, #run)),
                method: None,
            }
        }
    }
}

/// Tells whether the body is no more than an async block, which needs no closure.
pub(crate) fn is_async_block(carried: &Carried, body: &Group) -> bool {
    carried.carries == Carries::Future
        && matches!(unboxed(carried, body), Some((Expr::Async(_), _)))
}

/// Returns the one expression of the body without its box, and the method that made the box.
fn unboxed(carried: &Carried, body: &Group) -> Option<(Expr, Option<Ident>)> {
    let last = only_expression(body).filter(|_| !carried.in_result)?;
    match carried.holder {
        Holder::Bare => Some((last, None)),
        Holder::Box | Holder::PinBox => boxed_by(last),
    }
}

fn hinted(mut block: ExprAsync, output: Option<&Type>) -> TokenStream {
    if let Some(output) = output {
        let output = erased(output);
        let hint = hint(&output);
        let hint: Stmt = parse_quote_spanned!(Span::mixed_site()=> #hint);
        block.block.stmts.insert(0, hint);
    }
    quote!(#block)
}

/// Returns the one expression that is the whole body.
fn only_expression(body: &Group) -> Option<Expr> {
    let block: Block = syn::parse2(quote!(#body)).ok()?;
    match <[Stmt; 1]>::try_from(block.stmts) {
        Ok([Stmt::Expr(expr, None)]) => Some(expr),
        _ => None,
    }
}

/// Returns `x` of `Box::pin(x)`, `Box::new(x)`, and with the method of `x.boxed()`, `x.boxed_local()`.
///
/// The method is called again later: its trait was imported for it.
fn boxed_by(expr: Expr) -> Option<(Expr, Option<Ident>)> {
    let (inside, method) = match expr {
        Expr::Call(call) if makes_a_box(&call) => (call.args.into_iter().next()?, None),
        Expr::MethodCall(call)
            if call.args.is_empty() && (call.method == "boxed" || call.method == "boxed_local") =>
        {
            (*call.receiver, Some(call.method))
        }
        _ => return None,
    };
    (!leaves(&inside)).then_some((inside, method))
}

fn makes_a_box(call: &ExprCall) -> bool {
    let Expr::Path(function) = &*call.func else {
        return false;
    };
    let mut from_the_end = function.path.segments.iter().rev();
    let verb = from_the_end.next().is_some_and(|part| part.ident == "pin" || part.ident == "new");
    verb && from_the_end.next().is_some_and(|part| part.ident == "Box") && call.args.len() == 1
}

/// Tells whether a `return` in `expr` leaves the function itself.
fn leaves(expr: &Expr) -> bool {
    struct Returns(bool);
    impl Visit<'_> for Returns {
        fn visit_expr_return(&mut self, _: &ExprReturn) {
            self.0 = true;
        }
        fn visit_expr_async(&mut self, _: &ExprAsync) {}
        fn visit_expr_closure(&mut self, _: &ExprClosure) {}
        fn visit_item(&mut self, _: &syn::Item) {}
    }
    let mut returns = Returns(false);
    visit::visit_expr(&mut returns, expr);
    returns.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_box(text: &str) -> Option<String> {
        let (inside, _) = boxed_by(syn::parse_str(text).unwrap())?;
        Some(quote!(#inside).to_string())
    }

    #[test]
    fn a_box_in_the_last_line_is_taken_off() {
        assert_eq!(without_box("Box::pin(x)"), Some("x".into()));
        assert_eq!(without_box("::std::boxed::Box::new(x)"), Some("x".into()));
        assert_eq!(
            without_box("async move { return 1 }.boxed()"),
            Some("async move { return 1 }".into())
        );
    }

    #[test]
    fn any_other_last_line_is_left_as_it_is() {
        for text in [
            "Rc::new(x)",
            "Box::pin(x).with(y)",
            "x",
            "Box::pin(match x { None => return y, Some(z) => z })",
        ] {
            assert_eq!(without_box(text), None, "{text}");
        }
    }
}
