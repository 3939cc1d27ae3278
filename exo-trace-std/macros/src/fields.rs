//! The argument `fields(…)`: attributes in the grammar of `tracing`'s `#[instrument]`.
//!
//! It differs from `attributes(…)` where the two grammars do: a lone name announces a value that
//! is recorded later, which a span here needs no announcement for; `%self.name` and `?self.name` are
//! the key and the value in one; `{CONSTANT}` is a key; `field::Empty` is no value.

use std::collections::HashSet;

use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, ExprCall, Path, Token, braced, token};

use crate::grammar::{Attribute, Key, Value};
use crate::refusals::Refusals;
use crate::text::Text;

/// What `tracing-opentelemetry` takes for more than a field, and what says the same here.
const WORDS_TO_ANOTHER: [(&str, &str); 5] = [
    ("otel.kind", "the argument `kind = client`"),
    ("otel.name", "the argument `name = \"… {attribute.key}\"`, or `Span::current().set_name(…)`"),
    ("otel.status_code", "`Span::current().set_status(…)`"),
    ("otel.status_description", "`Span::current().set_status(…)`"),
    ("otel.status_message", "`Span::current().set_status(…)`"),
];

/// The fields as they were written.
#[derive(Default)]
pub(crate) struct Fields {
    /// Those that have a value.
    pub(crate) attributes: Vec<Attribute>,
    /// The plain names among all of them: a parameter of such a name is recorded as the field says.
    pub(crate) names: HashSet<String>,
}

impl Parse for Fields {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut fields = Self::default();
        let mut refusals = Refusals::default();
        while !input.is_empty() {
            let (key, value) = parse_field(input)?;
            refusals.keep(refuse_words_to_another(&key));
            if let Key::Literal { text, .. } = &key {
                fields.names.insert(text.clone());
            }
            fields.attributes.extend(value.map(|value| Attribute { key, value }));
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        refusals.into_result()?;
        Ok(fields)
    }
}

/// Reads one field; `None` for the value of one that is only announced.
fn parse_field(input: ParseStream) -> syn::Result<(Key, Option<Value>)> {
    let by = parse_sigil(input)?;
    let key = parse_key(input)?;
    if !input.peek(Token![=]) {
        return match by {
            Some(by) => in_one(key, by),
            None => Ok((key, None)),
        };
    }
    input.parse::<Token![=]>()?;
    let value: Value = input.parse()?;
    Ok((key, said(value, by)))
}

fn parse_sigil(input: ParseStream) -> syn::Result<Option<Text>> {
    if input.peek(Token![%]) {
        input.parse::<Token![%]>()?;
        return Ok(Some(Text::Display));
    }
    if input.peek(Token![?]) {
        input.parse::<Token![?]>()?;
        return Ok(Some(Text::Debug));
    }
    Ok(None)
}

fn parse_key(input: ParseStream) -> syn::Result<Key> {
    if !input.peek(token::Brace) {
        return input.parse();
    }
    let inside;
    braced!(inside in input);
    let key = inside.parse()?;
    if inside.is_empty() { Ok(Key::Text(key)) } else { Err(inside.error("expected `}`")) }
}

/// Reads `self.name` as the key it is and the value it is.
fn in_one(key: Key, by: Text) -> syn::Result<(Key, Option<Value>)> {
    match syn::parse2(key.to_token_stream()) {
        Ok(place @ (Expr::Path(_) | Expr::Field(_))) => Ok((key, Some(shown(by, place)))),
        _ => {
            let message = format!("field `{}` has no value, expected `= value`", key.identity());
            Err(syn::Error::new_spanned(key, message))
        }
    }
}

/// Returns the value that was written; none for `field::Empty`.
fn said(value: Value, by: Option<Text>) -> Option<Value> {
    match (value, by) {
        (Value::Expr(expr), _) if is_empty(&expr) => None,
        (Value::Expr(expr), Some(by)) => Some(shown(by, expr)),
        (Value::Expr(expr), None) => Some(match wrapped(&expr) {
            Some((by, inside)) => shown(by, inside),
            None => Value::Expr(expr),
        }),
        (value, _) => Some(value),
    }
}

fn shown(by: Text, expr: Expr) -> Value {
    match by {
        Text::Display => Value::Display(expr),
        Text::Debug => Value::Debug(expr),
    }
}

/// Tells whether it is `tracing::field::Empty`, by that path or the end of it.
fn is_empty(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if ends_in(&path.path, "Empty"))
}

/// Returns what stands in `field::debug(…)` and `field::display(…)`.
fn wrapped(expr: &Expr) -> Option<(Text, Expr)> {
    let Expr::Call(ExprCall { func, args, .. }) = expr else { return None };
    let Expr::Path(function) = &**func else { return None };
    let inside = args.first().filter(|_| args.len() == 1)?.clone();
    let path = &function.path;
    if path.segments.len() < 2 {
        return None;
    }
    if ends_in(path, "debug") {
        return Some((Text::Debug, inside));
    }
    ends_in(path, "display").then_some((Text::Display, inside))
}

/// Tells whether a path is `name`, or ends in `field::name`.
fn ends_in(path: &Path, name: &str) -> bool {
    let mut from_the_end = path.segments.iter().rev();
    from_the_end.next().is_some_and(|segment| segment.ident == name)
        && from_the_end.next().is_none_or(|segment| segment.ident == "field")
}

fn refuse_words_to_another(key: &Key) -> syn::Result<()> {
    let said = key.identity();
    match WORDS_TO_ANOTHER.into_iter().find(|(word, _)| *word == said) {
        Some((word, expected)) => {
            let message = format!(
                "field `{word}` is more than a field to tracing-opentelemetry, expected {expected}"
            );
            Err(syn::Error::new_spanned(key, message))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let fields: Fields = syn::parse_str(text).unwrap();
        let shown = |Attribute { key, value }: &Attribute| {
            let (sigil, value) = match value {
                Value::Constant(constant) => ("", format!("{constant:?}")),
                Value::Expr(expr) => ("", expr.to_token_stream().to_string()),
                Value::Display(expr) => ("%", expr.to_token_stream().to_string()),
                Value::Debug(expr) => ("?", expr.to_token_stream().to_string()),
            };
            format!("{} = {sigil}{value}", key.identity())
        };
        fields.attributes.iter().map(shown).collect()
    }

    #[test]
    fn every_form_of_field_with_a_value_is_read() {
        for (text, expected) in [
            ("a = 1", "a = Int(1)"),
            ("user.id = %id", "user.id = %id"),
            ("request = ?req", "request = ?req"),
            ("?request = req", "request = ?req"),
            ("%x", "x = %x"),
            ("?self.name", "self.name = ?self . name"),
            ("{FOOBAR} = %arg.bar()", "{FOOBAR} = %arg . bar ()"),
            ("next = i + 1", "next = i + 1"),
            ("e = tracing::field::debug(&error)", "e = ?& error"),
            ("e = field::display(error)", "e = %error"),
            ("e = display(error)", "e = display (error)"),
            ("gen_ai.tool.type = kind", "gen_ai.tool.type = kind"),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn a_field_that_is_announced_has_no_value_and_still_a_name() {
        for text in ["result", "result = tracing::field::Empty", "result = Empty,"] {
            let fields: Fields = syn::parse_str(text).unwrap();
            assert!(fields.attributes.is_empty() && fields.names.contains("result"), "{text}");
        }
        assert!(read("user.id").is_empty());
    }

    #[test]
    fn what_is_no_field_is_named() {
        let refusal = |text| syn::parse_str::<Fields>(text).err().unwrap().to_string();
        assert_eq!(refusal("%\"text\""), "field `text` has no value, expected `= value`");
        let message = refusal("otel.kind = \"server\"");
        assert!(message.ends_with("expected the argument `kind = client`"), "{message}");
    }
}
