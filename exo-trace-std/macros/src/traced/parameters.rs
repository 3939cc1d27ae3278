//! Which parameters a span records: those `extract_args` leaves in, and those its name shows.

use std::collections::HashSet;

use syn::Ident;
use syn::ext::IdentExt;

use crate::args::Args;
use crate::function::Function;
use crate::grammar::Key;
use crate::name::Name;
use crate::refusals::Refusals;

/// Returns the parameters to record as `arg.<name>`, in order.
///
/// # Errors
///
/// Returns an error for each `skip` of what is no parameter, for a skipped parameter that the
/// name shows, and for an attribute that is recorded as a parameter already.
pub(crate) fn recorded(args: &Args, function: &Function) -> syn::Result<Vec<Ident>> {
    let parameters = function.parameters();
    let shown = placeholders(args);
    let mut refusals = Refusals::default();
    let has_self = function.signature.receiver().is_some();
    for name in args.skip.iter().filter(|name| !(has_self && *name == "self")) {
        refusals.keep(check_skip(name, &parameters, &shown));
    }
    let recorded: Vec<Ident> =
        parameters.into_iter().filter(|name| is_recorded(args, &shown, name)).collect();
    refuse_repeats(args, &recorded, &mut refusals);
    refusals.into_result()?;
    Ok(recorded)
}

/// Returns the key under which a parameter is recorded.
pub(crate) fn key(parameter: &Ident) -> String {
    format!("arg.{}", parameter.unraw())
}

/// A field takes the place of the parameter of its name.
fn is_recorded(args: &Args, shown: &HashSet<String>, name: &Ident) -> bool {
    let text = name.unraw().to_string();
    let left_out = args.skip_all || args.skip.contains(name) || args.fields.contains(&text);
    (args.extract_args && !left_out) || shown.contains(&text)
}

fn check_skip(name: &Ident, parameters: &[Ident], shown: &HashSet<String>) -> syn::Result<()> {
    let expected = if !parameters.contains(name) {
        let names: Vec<String> = parameters.iter().map(Ident::to_string).collect();
        match names.len() {
            0 => "no skip: the function has no parameter to leave out".to_owned(),
            _ => format!("a parameter of the function: {}", names.join(", ")),
        }
    } else if shown.contains(&name.unraw().to_string()) {
        "a parameter that the span's name does not show".to_owned()
    } else {
        return Ok(());
    };
    Err(syn::Error::new(name.span(), format!("skip is `{name}`, expected {expected}")))
}

fn refuse_repeats(args: &Args, recorded: &[Ident], refusals: &mut Refusals) {
    let keys: HashSet<String> = recorded.iter().map(key).collect();
    for attribute in &args.attributes.list {
        if let Key::Literal { text, .. } = &attribute.key
            && keys.contains(text)
        {
            refusals.push(
                &attribute.key,
                format!("attribute `{text}` is given twice, expected each key once: the parameter is recorded under it"),
            );
        }
    }
}

/// Returns what the exporter will fill into the span's name; `{{` and `}}` are braces to it.
///
/// Read exactly as the exporter reads it: a placeholder seen here alone would record a parameter
/// that nobody asked for, and one seen there alone would stay empty.
fn placeholders(args: &Args) -> HashSet<String> {
    let name = args.name.as_ref().and_then(Name::text).unwrap_or_default();
    let mut shown = HashSet::new();
    let mut rest = name.as_str();
    while let Some((_, from)) = rest.find(['{', '}']).and_then(|brace| rest.split_at_checked(brace))
    {
        let doubled = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}"));
        let placeholder = from.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        rest = match (doubled, placeholder) {
            (Some(after), _) => after,
            (None, Some((key, after))) => {
                shown.insert(key.to_owned());
                after
            }
            // A brace without its partner: one byte, as every brace.
            (None, None) => from.get(1..).unwrap_or_default(),
        };
    }
    // An attribute of that name is what the exporter shows: the parameter behind it stays out.
    for attribute in &args.attributes.list {
        if let Key::Literal { text, .. } = &attribute.key {
            shown.remove(text);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(args: &str, function: &str) -> syn::Result<Vec<String>> {
        let function = syn::parse_str(function).unwrap();
        let names = recorded(&syn::parse_str(args).unwrap(), &function)?;
        Ok(names.iter().map(key).collect())
    }

    const FUNCTION: &str = "fn f(&self, topic: &str, token: &str, _: u8) {}";

    #[test]
    fn nothing_is_recorded_unasked() {
        assert!(read("", FUNCTION).unwrap().is_empty());
        assert!(read("extract_args = false", FUNCTION).unwrap().is_empty());
        assert!(read("extract_args, skip_all", FUNCTION).unwrap().is_empty());
    }

    #[test]
    fn an_attribute_that_the_name_shows_keeps_the_parameter_of_that_name_out() {
        let args = r#"name = "with {token}", attributes(token = "***")"#;
        assert!(read(args, FUNCTION).unwrap().is_empty());
    }

    #[test]
    fn skip_leaves_a_parameter_out() {
        assert_eq!(read("extract_args", FUNCTION).unwrap(), ["arg.topic", "arg.token"]);
        assert_eq!(read("extract_args, skip(token)", FUNCTION).unwrap(), ["arg.topic"]);
        assert_eq!(read("extract_args, skip(self, token)", FUNCTION).unwrap(), ["arg.topic"]);
    }

    #[test]
    fn a_field_takes_the_place_of_the_parameter_of_its_name() {
        for fields in ["token = \"***\"", "token", "?token"] {
            let args = format!("extract_args, fields({fields}, user.topic = 1)");
            assert_eq!(read(&args, FUNCTION).unwrap(), ["arg.topic"], "{fields}");
        }
    }

    #[test]
    fn a_name_that_shows_a_parameter_records_it() {
        assert_eq!(
            read("name = \"research {topic} {exo.agent.name}\"", FUNCTION).unwrap(),
            ["arg.topic"]
        );
        assert!(read("name = \"an open { brace\"", FUNCTION).unwrap().is_empty());
    }

    #[test]
    fn doubled_braces_are_text_and_record_nothing() {
        for (name, expected) in [
            ("literal {{token}}", &[][..]),
            ("{{{token}}}", &["arg.token"]),
            ("{{ {topic} }}", &["arg.topic"]),
            ("}{topic}", &["arg.topic"]),
            ("open { {token}", &[]),
            ("{topic} {", &["arg.topic"]),
        ] {
            assert_eq!(read(&format!("name = {name:?}"), FUNCTION).unwrap(), expected, "{name}");
        }
        assert!(read("skip(token), name = \"{{token}}\"", FUNCTION).is_ok());
    }

    #[test]
    fn a_contradiction_is_refused() {
        let refusal = |args| read(args, FUNCTION).unwrap_err().to_string();
        assert_eq!(
            refusal("skip(tokn)"),
            "skip is `tokn`, expected a parameter of the function: topic, token"
        );
        assert!(
            refusal("skip(token), name = \"{token}\"")
                .contains("that the span's name does not show")
        );
        assert!(refusal("extract_args, attributes(arg.topic = 1)").contains("given twice"));
        assert!(read("skip(self)", "fn f(topic: &str) {}").is_err());
        assert!(
            read("skip(x)", "fn f() {}")
                .unwrap_err()
                .to_string()
                .contains("no parameter to leave out")
        );
    }
}
