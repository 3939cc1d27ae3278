//! The function under `#[traced]`: its signature taken apart, its body left as it was written.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::visit::{self, Visit};
use syn::{Attribute, FnArg, Ident, PatIdent, Signature, Token, Visibility};

/// A free function, a method, or a trait's default method.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) signature: Signature,
    /// `#![…]` at the top of the body.
    pub(crate) inner_attributes: Vec<Attribute>,
    pub(crate) body: Group,
}

impl Parse for Function {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let defaultness = input.parse()?;
        refuse_other_items(input)?;
        let signature: Signature = input.parse()?;
        if input.peek(Token![;]) {
            let message = format!(
                "`{}` has no body, expected #[traced] on a function that has one (on each implementation, say)",
                signature.ident
            );
            return Err(syn::Error::new_spanned(&signature, message));
        }
        if let Some(constness) = &signature.constness {
            let message = format!(
                "`{}` is const, expected a function that runs: a span has a start",
                signature.ident
            );
            return Err(syn::Error::new_spanned(constness, message));
        }
        let (inner_attributes, body) = parse_body(input)?;
        Ok(Self { attributes, visibility, defaultness, signature, inner_attributes, body })
    }
}

/// Says what stands there when it is no function at all.
fn refuse_other_items(input: ParseStream) -> syn::Result<()> {
    const OTHERS: [&str; 11] = [
        "struct",
        "enum",
        "union",
        "trait",
        "impl",
        "mod",
        "static",
        "type",
        "use",
        "let",
        "macro_rules",
    ];
    let ahead = input.fork();
    let Ok(found) = Ident::parse_any(&ahead) else {
        return Err(input.error("expected a function under #[traced]"));
    };
    if OTHERS.iter().any(|other| found == other) {
        let advice = if found == "impl" { "each method of it" } else { "a function" };
        return Err(syn::Error::new(
            found.span(),
            format!("#[traced] stands on `{found}`, expected {advice}"),
        ));
    }
    Ok(())
}

fn parse_body(input: ParseStream) -> syn::Result<(Vec<Attribute>, Group)> {
    let whole = match input.parse()? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => group,
        other => return Err(syn::Error::new(other.span(), "expected the body of the function")),
    };
    let split = |inside: ParseStream| {
        Ok((inside.call(Attribute::parse_inner)?, inside.parse::<TokenStream>()?))
    };
    let (attributes, rest) = split.parse2(whole.stream())?;
    let mut body = Group::new(Delimiter::Brace, rest);
    body.set_span(whole.span());
    Ok((attributes, body))
}

impl Function {
    /// Returns every name that the parameters bind, in order; `self` and `_` bind none.
    pub(crate) fn parameters(&self) -> Vec<Ident> {
        let mut bindings = Bindings::default();
        for input in &self.signature.inputs {
            if let FnArg::Typed(parameter) = input {
                bindings.visit_pat(&parameter.pat);
            }
        }
        bindings.0
    }

    /// Returns the function with `statements` for its body.
    pub(crate) fn with_body(&self, statements: &TokenStream) -> TokenStream {
        let Self { attributes, visibility, defaultness, signature, inner_attributes, .. } = self;
        let mut body = Group::new(Delimiter::Brace, quote!(#(#inner_attributes)* #statements));
        body.set_span(self.body.span());
        quote! { #(#attributes)* #visibility #defaultness #signature #body }
    }

    /// Returns the name a span has when none is given: the identifier.
    pub(crate) fn name(&self) -> String {
        self.signature.ident.unraw().to_string()
    }
}

#[derive(Default)]
struct Bindings(Vec<Ident>);

impl Visit<'_> for Bindings {
    fn visit_pat_ident(&mut self, pattern: &PatIdent) {
        if pattern.ident != "self" {
            self.0.push(pattern.ident.clone());
        }
        visit::visit_pat_ident(self, pattern);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(text: &str) -> Vec<String> {
        let function: Function = syn::parse_str(text).unwrap();
        function.parameters().iter().map(Ident::to_string).collect()
    }

    fn refusal(text: &str) -> String {
        syn::parse_str::<Function>(text).err().unwrap().to_string()
    }

    #[test]
    fn patterns_bind_each_of_their_names() {
        let text = "fn f(&self, a: u8, (b, mut c): (u8, u8), Point { x, y: [d, ..] }: Point, _: u8, e @ _: u8) {}";
        assert_eq!(parameters(text), ["a", "b", "c", "x", "d", "e"]);
    }

    #[test]
    fn what_is_no_function_with_a_body_is_refused_by_name() {
        assert_eq!(refusal("struct Run;"), "#[traced] stands on `struct`, expected a function");
        assert_eq!(
            refusal("impl Run {}"),
            "#[traced] stands on `impl`, expected each method of it"
        );
        assert!(refusal("fn run(&self);").starts_with("`run` has no body"));
        assert!(refusal("const fn run() {}").starts_with("`run` is const"));
    }

    #[test]
    fn the_body_is_kept_as_it_stands_even_where_it_does_not_parse() {
        let function: Function = syn::parse_str("fn f() { #![allow(unused)] let x = ; }").unwrap();
        assert_eq!(function.inner_attributes.len(), 1);
        assert_eq!(function.body.stream().to_string(), "let x = ;");
    }
}
