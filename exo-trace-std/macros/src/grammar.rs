//! The one grammar of attributes, read alike in `attributes!`, `span_sync!`, `span_async!` and `#[traced(attributes(…))]`.
//!
//! A key is an identifier (`source`), a dotted name (`gen_ai.request.model`), a text (`"my key"`)
//! or a constant in brackets (`[semconv::EXO_AGENT_STEP]`). A value is any expression, after `%` by
//! its `Display` and after `?` by its `Debug`. A lone identifier stands for `topic = topic`. The
//! words `allow_unknown;` before the first attribute switch the spelling check off.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, LitStr, Token, bracketed, token};

use crate::known;
use crate::literal::Constant;
use crate::refusals::Refusals;

syn::custom_keyword!(allow_unknown);

/// A list of attributes as it was written.
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) list: Vec<Attribute>,
    pub(crate) allow_unknown: bool,
}

/// One `key = value`.
pub(crate) struct Attribute {
    pub(crate) key: Key,
    pub(crate) value: Value,
}

/// The left side of an attribute, with the tokens that an error points at.
pub(crate) enum Key {
    Literal {
        text: String,
        written: TokenStream,
    },
    /// A `Key`.
    Constant(Expr),
    /// A `&'static str`.
    Text(Expr),
}

/// The right side of an attribute.
pub(crate) enum Value {
    Constant(Constant),
    Expr(Expr),
    Display(Expr),
    Debug(Expr),
}

impl Parse for Attributes {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut attributes = Self { list: Vec::new(), allow_unknown: parse_allow_unknown(input)? };
        while !input.is_empty() {
            attributes.list.push(input.parse()?);
            if input.is_empty() {
                break;
            }
            parse_comma(input)?;
        }
        Ok(attributes)
    }
}

/// Reads `allow_unknown;` where it stands.
pub(crate) fn parse_allow_unknown(input: ParseStream) -> syn::Result<bool> {
    let written = input.peek(allow_unknown) && input.peek2(Token![;]);
    if written {
        input.parse::<allow_unknown>()?;
        input.parse::<Token![;]>()?;
    }
    Ok(written)
}

fn parse_comma(input: ParseStream) -> syn::Result<()> {
    if input.peek(Token![,]) {
        return input.parse::<Token![,]>().map(drop);
    }
    Err(input.error("expected `,` between attributes"))
}

impl Attributes {
    /// Refuses keys that occur twice and keys that almost are a known name, all at once.
    ///
    /// # Errors
    ///
    /// Returns one error per key, combined.
    pub(crate) fn check(&self) -> syn::Result<()> {
        let mut refusals = Refusals::default();
        let mut seen = HashSet::new();
        for Attribute { key, .. } in &self.list {
            if !seen.insert(key.identity()) {
                let text = key.identity();
                refusals.push(
                    key,
                    format!("attribute `{text}` is given twice, expected each key once"),
                );
            }
            if let (false, Some(name)) = (self.allow_unknown, key.near_miss()) {
                let text = key.identity();
                refusals.push(
                    key,
                    format!("attribute is `{text}`, expected `{name}`; if `{text}` is meant, say `allow_unknown`"),
                );
            }
        }
        refusals.into_result()
    }
}

impl Parse for Attribute {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.peek(Token![%]) {
            input.parse::<Token![%]>()?;
            return Self::shorthand(input.parse()?, Value::Display);
        }
        if input.peek(Token![?]) {
            input.parse::<Token![?]>()?;
            return Self::shorthand(input.parse()?, Value::Debug);
        }
        let key: Key = input.parse()?;
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            return Ok(Self { key, value: input.parse()? });
        }
        match (&key, syn::parse2::<Ident>(key.to_token_stream())) {
            (Key::Literal { .. }, Ok(ident)) => Self::shorthand(ident, Value::Expr),
            _ => Err(syn::Error::new_spanned(
                &key,
                format!("attribute `{}` has no value, expected `= value`", key.identity()),
            )),
        }
    }
}

impl Attribute {
    /// Tells whether no more than an identifier was written, as in `topic`.
    pub(crate) fn is_lone_name(&self) -> bool {
        match (&self.key, &self.value) {
            (Key::Literal { written, .. }, Value::Expr(expr)) => {
                written.to_string() == expr.to_token_stream().to_string()
            }
            _ => false,
        }
    }

    fn shorthand(ident: Ident, by: fn(Expr) -> Value) -> syn::Result<Self> {
        let value = by(syn::parse2(quote!(#ident))?);
        let key =
            Key::Literal { text: ident.unraw().to_string(), written: ident.into_token_stream() };
        Ok(Self { key, value })
    }
}

impl Parse for Key {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.peek(token::Bracket) {
            let inside;
            bracketed!(inside in input);
            let key = inside.parse()?;
            return if inside.is_empty() {
                Ok(Self::Constant(key))
            } else {
                Err(inside.error("expected `]`"))
            };
        }
        if input.peek(LitStr) {
            let literal: LitStr = input.parse()?;
            return Ok(Self::Literal {
                text: literal.value(),
                written: literal.into_token_stream(),
            });
        }
        if !input.peek(Ident::peek_any) {
            return Err(input.error(
                "expected an attribute: `key = value`, `dotted.key = value`, `\"text\" = value`, `[CONSTANT] = value` or the name of a variable",
            ));
        }
        let mut text = String::new();
        let mut written = TokenStream::new();
        loop {
            let part = Ident::parse_any(input)?;
            text.push_str(&part.unraw().to_string());
            written.extend(part.into_token_stream());
            if !input.peek(Token![.]) {
                return Ok(Self::Literal { text, written });
            }
            text.push('.');
            written.extend(input.parse::<Token![.]>()?.into_token_stream());
        }
    }
}

impl Key {
    /// Returns what makes two keys the same: the text, or the constant as it is spelt.
    pub(crate) fn identity(&self) -> String {
        match self {
            Self::Literal { text, .. } => text.clone(),
            Self::Constant(expr) => format!("[{}]", expr.to_token_stream()),
            Self::Text(expr) => format!("{{{}}}", expr.to_token_stream()),
        }
    }

    fn near_miss(&self) -> Option<&'static str> {
        match self {
            Self::Literal { text, .. } => known::near_miss(text),
            Self::Constant(_) | Self::Text(_) => None,
        }
    }
}

impl ToTokens for Key {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Literal { written, .. } => tokens.extend(written.clone()),
            Self::Constant(expr) | Self::Text(expr) => expr.to_tokens(tokens),
        }
    }
}

impl Parse for Value {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.peek(Token![%]) {
            input.parse::<Token![%]>()?;
            return input.parse().map(Self::Display);
        }
        if input.peek(Token![?]) {
            input.parse::<Token![?]>()?;
            return input.parse().map(Self::Debug);
        }
        let expr: Expr = input.parse()?;
        Ok(match Constant::of(&expr)? {
            Some(constant) => Self::Constant(constant),
            None => Self::Expr(expr),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        let attributes: Attributes = syn::parse_str(text).unwrap();
        attributes.list.iter().map(|attribute| attribute.key.identity()).collect()
    }

    fn refusal(text: &str) -> String {
        match syn::parse_str::<Attributes>(text) {
            Ok(attributes) => attributes.check().unwrap_err().to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn every_form_of_key_is_read() {
        let text = r#"source = "api", gen_ai.request.model = model, "my key" = 1.5, [semconv::STEP] = 3, gen_ai.tool.type = kind, r#type = 1, topic, %url, ?request,"#;
        let expected = [
            "source",
            "gen_ai.request.model",
            "my key",
            "[semconv :: STEP]",
            "gen_ai.tool.type",
            "type",
            "topic",
            "url",
            "request",
        ];
        assert_eq!(keys(text), expected);
    }

    #[test]
    fn sigils_choose_display_and_debug() {
        let read: Attributes = syn::parse_str("a = %x, b = ?x, %c, ?d, e = x % y, f =%x").unwrap();
        let forms: String = read
            .list
            .iter()
            .map(|attribute| match attribute.value {
                Value::Constant(_) => 'c',
                Value::Expr(_) => 'e',
                Value::Display(_) => '%',
                Value::Debug(_) => '?',
            })
            .collect();
        assert_eq!(forms, "%?%?e%");
    }

    #[test]
    fn a_key_given_twice_is_refused() {
        assert_eq!(
            refusal("a = 1, \"a\" = 2"),
            "attribute `a` is given twice, expected each key once"
        );
        assert_eq!(
            refusal("[K] = 1, [K] = 2"),
            "attribute `[K]` is given twice, expected each key once"
        );
    }

    #[test]
    fn allow_unknown_switches_the_spelling_check_off() {
        assert!(
            refusal("exo.agent.nam = 1")
                .starts_with("attribute is `exo.agent.nam`, expected `exo.agent.name`")
        );
        let allowed: Attributes = syn::parse_str("allow_unknown; exo.agent.nam = 1").unwrap();
        assert!(allowed.check().is_ok());
        assert_eq!(keys("allow_unknown = 1"), ["allow_unknown"]);
    }

    #[test]
    fn a_dotted_or_quoted_key_needs_a_value() {
        assert_eq!(refusal("user.id"), "attribute `user.id` has no value, expected `= value`");
        assert_eq!(refusal("\"user\""), "attribute `user` has no value, expected `= value`");
        assert_eq!(refusal("a = 1 b = 2"), "expected `,` between attributes");
    }
}
