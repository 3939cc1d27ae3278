//! Values that are known while compiling: they go into the call site, and a span pays nothing for them.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;
use syn::{Expr, Lit, UnOp};

/// A literal as a `Value` can hold it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constant {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Constant {
    /// Reads a plain literal or a negative number; `None` for every other expression.
    ///
    /// # Errors
    ///
    /// Returns an error at an integer that no `i64` holds.
    pub(crate) fn of(expr: &Expr) -> syn::Result<Option<Self>> {
        match expr {
            Expr::Lit(lit) => Self::from_literal(&lit.lit, ""),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match &*unary.expr {
                Expr::Lit(lit) if matches!(lit.lit, Lit::Int(_) | Lit::Float(_)) => {
                    Self::from_literal(&lit.lit, "-")
                }
                _ => Ok(None),
            },
            Expr::Group(group) => Self::of(&group.expr),
            _ => Ok(None),
        }
    }

    fn from_literal(literal: &Lit, sign: &str) -> syn::Result<Option<Self>> {
        Ok(match literal {
            Lit::Bool(value) => Some(Self::Bool(value.value)),
            Lit::Str(value) => Some(Self::Text(value.value())),
            Lit::Char(value) => Some(Self::Text(value.value().to_string())),
            Lit::Float(value) => {
                format!("{sign}{}", value.base10_digits()).parse().ok().map(Self::Float)
            }
            Lit::Int(value) if matches!(value.suffix(), "f32" | "f64") => {
                format!("{sign}{}", value.base10_digits()).parse().ok().map(Self::Float)
            }
            Lit::Int(value) => {
                let digits = format!("{sign}{}", value.base10_digits());
                let int = digits.parse().map_err(|_| {
                    let message = format!("value is {digits}, expected an integer that fits i64");
                    syn::Error::new(value.span(), message)
                })?;
                Some(Self::Int(int))
            }
            _ => None,
        })
    }

    /// Returns the value as the constant expression `P::Value::…`.
    pub(crate) fn to_value(&self, private: &TokenStream) -> TokenStream {
        let literal = self.to_literal(Span::mixed_site());
        match self {
            Self::Bool(_) => quote!(#private::Value::Bool(#literal)),
            Self::Int(_) => quote!(#private::Value::I64(#literal)),
            Self::Float(_) => quote!(#private::Value::F64(#literal)),
            Self::Text(_) => quote!(#private::Value::Text(#literal)),
        }
    }

    /// Returns the value as a literal with its type spelt out, so that nothing is left to infer.
    pub(crate) fn to_literal(&self, span: Span) -> TokenStream {
        match self {
            Self::Bool(value) => quote!(#value),
            Self::Int(value) => quote!(#value),
            Self::Float(value) => quote!(#value),
            Self::Text(value) => {
                let mut literal = Literal::string(value);
                literal.set_span(span);
                quote!(#literal)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constant(text: &str) -> Option<Constant> {
        Constant::of(&syn::parse_str(text).unwrap()).unwrap()
    }

    #[test]
    fn plain_literals_and_negative_numbers_are_constants() {
        assert_eq!(constant("\"api\""), Some(Constant::Text("api".into())));
        assert_eq!(constant("true"), Some(Constant::Bool(true)));
        assert_eq!(constant("3u8"), Some(Constant::Int(3)));
        assert_eq!(constant("-1_000"), Some(Constant::Int(-1000)));
        assert_eq!(constant("-1.5e3"), Some(Constant::Float(-1500.0)));
        assert_eq!(constant("2f64"), Some(Constant::Float(2.0)));
        assert_eq!(constant("-9223372036854775808"), Some(Constant::Int(i64::MIN)));
    }

    #[test]
    fn anything_that_must_be_computed_is_not() {
        for text in ["1 + 1", "topic", "-step", "!true", "(1)", "f(1)", "b\"bytes\""] {
            assert_eq!(constant(text), None, "{text}");
        }
    }

    #[test]
    fn an_integer_past_i64_is_refused_by_name() {
        let refused = Constant::of(&syn::parse_str("9223372036854775808").unwrap());
        let message = refused.unwrap_err().to_string();
        assert_eq!(message, "value is 9223372036854775808, expected an integer that fits i64");
    }
}
