//! Attributes whose values are read when a span begins: one static key and one call each.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{BinOp, Expr, Ident, UnOp};

use crate::grammar::{Attribute, Attributes, Key, Value};

/// How many words of attributes a span keeps; what is beyond is written apart.
const WORDS_MAX: usize = 16;

/// Returns a statement that puts each attribute that the call site does not hold already; nothing where
/// there is none.
pub(crate) fn put_all(private: &TokenStream, attributes: &Attributes) -> TokenStream {
    let here = Span::mixed_site();
    let puts: Vec<TokenStream> =
        attributes.list.iter().filter_map(|attribute| put(private, attribute)).collect();
    if puts.is_empty() {
        return TokenStream::new();
    }
    let words = Literal::usize_unsuffixed((2 * puts.len()).min(WORDS_MAX));
    quote_spanned! {here=>
        if let ::core::option::Option::Some(open) = #private::Begun::recorded(&mut span) {
            let mut saying = #private::Saying::first();
            let mut said = #private::Saying::room::<#words>();
            #(#puts)*
            #private::Saying::done(saying, open, said);
        }
    }
}

fn put(private: &TokenStream, attribute: &Attribute) -> Option<TokenStream> {
    if let (Key::Literal { .. }, Value::Constant(_)) = (&attribute.key, &attribute.value) {
        return None;
    }
    let here = Span::mixed_site();
    let key = interned(private, &key(private, &attribute.key));
    let field = field(private, &attribute.value);
    Some(quote_spanned!(here=> #private::Saying::put(&mut saying, open, &mut said, #key, #field);))
}

/// Returns the statement that records what `reference` points to, of any type at all, as `key` of
/// `target`.
///
/// The types are told apart by how many references a method call must add, so the traits are in
/// scope, and nothing of the caller's is but what the reference names.
pub(crate) fn argument(
    private: &TokenStream,
    target: &TokenStream,
    key: &str,
    reference: &TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    let key = interned(private, &quote_spanned!(here=> #private::Key::new(#key)));
    quote_spanned! {here=> (&&&&#private::Argument(#reference)).__exo_put(&mut #target, #key); }
}

/// Returns `P::Field::…(&value)`; the value is never moved, and an error of its type points at it.
pub(crate) fn field(private: &TokenStream, value: &Value) -> TokenStream {
    let (form, expr) = match value {
        Value::Constant(constant) => {
            let here = Span::mixed_site();
            let literal = constant.to_literal(here);
            return quote_spanned!(here=> #private::Field::value(&#literal));
        }
        Value::Expr(expr) if makes_number(expr) => {
            let here = Span::mixed_site();
            return quote_spanned!(here=> <#private::Field as ::core::convert::From<_>>::from(#expr));
        }
        Value::Expr(expr) => ("value", expr),
        Value::Display(expr) => ("display", expr),
        Value::Debug(expr) => ("debug", expr),
    };
    let form = Ident::new(form, Span::mixed_site());
    let value = operand(expr);
    let reference = quote_spanned!(expr.span()=> &#value);
    quote_spanned!(Span::mixed_site()=> #private::Field::#form(#reference))
}

/// Tells whether an expression can only make a number or a truth value, which needs no borrow: then
/// `let attributes = attributes! { is_even = n % 2 == 0 };` outlives its statement.
fn makes_number(expr: &Expr) -> bool {
    match expr {
        // `+` may join a `String`, which is borrowed as any other text.
        Expr::Binary(binary) => !matches!(binary.op, BinOp::Add(_)),
        Expr::Unary(unary) => !matches!(unary.op, UnOp::Deref(_)),
        Expr::Cast(_) => true,
        Expr::Paren(paren) => makes_number(&paren.expr),
        _ => false,
    }
}

/// Puts parentheses around what `&` would otherwise bind to in part.
fn operand(expr: &Expr) -> TokenStream {
    match expr {
        Expr::Path(_)
        | Expr::Field(_)
        | Expr::MethodCall(_)
        | Expr::Call(_)
        | Expr::Index(_)
        | Expr::Macro(_)
        | Expr::Lit(_)
        | Expr::Array(_)
        | Expr::Tuple(_)
        | Expr::Block(_)
        | Expr::Try(_)
        | Expr::Reference(_)
        | Expr::Paren(_) => quote!(#expr),
        _ => quote_spanned!(Span::mixed_site()=> (#expr)),
    }
}

/// Returns the constant expression of a key.
pub(crate) fn key(private: &TokenStream, key: &Key) -> TokenStream {
    match key {
        Key::Literal { text, .. } => quote_spanned!(Span::mixed_site()=> #private::Key::new(#text)),
        Key::Constant(expr) => quote!(#expr),
        Key::Text(expr) => quote_spanned!(Span::mixed_site()=> #private::Key::new(#expr)),
    }
}

/// Returns a reference to a static that interns `key` at its first use.
pub(crate) fn interned(private: &TokenStream, key: &TokenStream) -> TokenStream {
    quote_spanned! {Span::mixed_site()=> {
        static __EXO_TRACE_KEY: #private::InternedKey = #private::InternedKey::new(#key);
        &__EXO_TRACE_KEY
    }}
}
