//! What a return type tells by its spelling: whether it can be an error, and what stands in it.
//!
//! Types are not resolved yet when a macro runs. Whatever could be a `Result` under another name
//! counts as one here; the traits called by the expansion have the last word.

use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, Path, PathArguments, PathSegment, ReturnType, Type, parse_quote};

/// Types of the standard library that are no `Result`, whatever they hold.
const NEVER_AN_ERROR: [&str; 20] = [
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
    "i128", "isize", "f32", "f64", "String", "Vec", "Option",
];

/// Returns the declared type; nothing declared is `()`.
pub(crate) fn declared(output: &ReturnType) -> Type {
    match output {
        ReturnType::Default => parse_quote!(()),
        ReturnType::Type(_, declared) => ungrouped(declared).clone(),
    }
}

/// Returns the type inside of parentheses and of the invisible groups that `macro_rules!` makes.
pub(crate) fn ungrouped(written: &Type) -> &Type {
    match written {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        other => other,
    }
}

/// Tells whether a value of this type might be an error.
pub(crate) fn can_fail(returned: &Type) -> bool {
    match ungrouped(returned) {
        Type::Path(path) => {
            path.qself.is_some()
                || last(&path.path)
                    .is_none_or(|segment| !NEVER_AN_ERROR.iter().any(|name| segment.ident == name))
        }
        Type::Macro(_) | Type::Infer(_) | Type::Verbatim(_) => true,
        _ => false,
    }
}

/// Returns the type of the good value where the type is spelt as a `Result`; `None` inside for one
/// whose alias does not show it.
pub(crate) fn of_result(returned: &Type) -> Option<Option<Type>> {
    let Type::Path(path) = ungrouped(returned) else {
        return None;
    };
    let name = last(&path.path)?.ident.to_string();
    name.ends_with("Result").then(|| good_of(returned))
}

/// Returns the type of the good value of what is a `Result` by any name, where that shows it.
pub(crate) fn good_of(result: &Type) -> Option<Type> {
    let Type::Path(path) = ungrouped(result) else {
        return None;
    };
    first_type(last(&path.path)?)
}

/// Returns the type with `_` for each `impl Trait`, which only a signature may spell.
pub(crate) fn erased(returned: &Type) -> Type {
    struct Erase;
    impl VisitMut for Erase {
        fn visit_type_mut(&mut self, node: &mut Type) {
            if matches!(node, Type::ImplTrait(_)) {
                *node = parse_quote!(_);
            } else {
                visit_mut::visit_type_mut(self, node);
            }
        }
    }
    let mut erased = returned.clone();
    Erase.visit_type_mut(&mut erased);
    erased
}

/// Returns the last part of a path.
pub(crate) fn last(path: &Path) -> Option<&PathSegment> {
    path.segments.last()
}

/// Returns the first type among the generic arguments of `segment`.
pub(crate) fn first_type(segment: &PathSegment) -> Option<Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(found) => Some(ungrouped(found).clone()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;

    fn read(text: &str) -> Type {
        syn::parse_str(text).unwrap()
    }

    #[test]
    fn only_a_name_can_hide_an_error() {
        for text in ["Result<u8, E>", "io::Result<()>", "Reply", "<T as Call>::Output", "Self"] {
            assert!(can_fail(&read(text)), "{text}");
        }
        for text in [
            "()",
            "!",
            "&Result<u8, E>",
            "(u8, E)",
            "u8",
            "Vec<Reply>",
            "impl Iterator",
            "[Reply; 2]",
        ] {
            assert!(!can_fail(&read(text)), "{text}");
        }
    }

    #[test]
    fn a_result_shows_its_good_value() {
        let shown = |text| {
            of_result(&read(text)).map(|good| good.map(|good| good.to_token_stream().to_string()))
        };
        assert_eq!(shown("Result<Tokens, E>"), Some(Some("Tokens".into())));
        assert_eq!(shown("io::Result<Tokens>"), Some(Some("Tokens".into())));
        assert_eq!(shown("LlmResult"), Some(None));
        assert_eq!(shown("Option<Tokens>"), None);
    }

    #[test]
    fn impl_trait_is_left_to_inference() {
        let erase = |text| erased(&read(text)).to_token_stream().to_string();
        assert_eq!(erase("Result<impl Iterator<Item = impl Copy>, E>"), "Result < _ , E >");
        assert_eq!(erase("Vec<u8>"), "Vec < u8 >");
    }
}
