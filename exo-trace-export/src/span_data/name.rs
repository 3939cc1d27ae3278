//! A span's name: given at run time, or the call site's, its placeholders filled in.
//!
//! `{key}` stands for the attribute `key`, or for the argument `key` (`arg.key`); `{{` and `}}` are
//! braces. A placeholder without a value stays as it is, so that a mistake is seen.

use super::SpanData;
use exo_trace_core::Record;
use exo_trace_std::Value;
use std::borrow::Cow;
use std::fmt::Write;

pub(super) fn of<'a>(span: &'a SpanData<'_>) -> Cow<'a, str> {
    let renamed = span.facts().filter_map(|fact| match fact {
        Record::Name { name, .. } => Some(name),
        _ => None,
    });
    if let Some(name) = renamed.last() {
        return Cow::Borrowed(name);
    }
    let name = span.callsite().map_or("span", |callsite| callsite.name);
    if name.contains(['{', '}']) {
        Cow::Owned(filled(name, |key| {
            span.attribute(key).or_else(|| span.attribute(format!("arg.{key}")))
        }))
    } else {
        Cow::Borrowed(name)
    }
}

/// Fills the placeholders of a name in.
pub(crate) fn filled<'a>(
    template: &str,
    mut value_of: impl FnMut(&str) -> Option<Value<'a>>,
) -> String {
    let mut name = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(brace) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(brace);
        name.push_str(before);
        rest = match (from.strip_prefix("{{"), from.strip_prefix("}}"), placeholder(from)) {
            (Some(after), ..) => {
                name.push('{');
                after
            }
            (_, Some(after), _) => {
                name.push('}');
                after
            }
            (.., Some((key, after))) => {
                match value_of(key) {
                    Some(value) => write_value(&mut name, value),
                    None => name.push_str(from.get(..key.len() + 2).unwrap_or_default()),
                }
                after
            }
            _ => {
                name.push_str(from.get(..1).unwrap_or_default());
                from.get(1..).unwrap_or_default()
            }
        };
    }
    name.push_str(rest);
    name
}

/// Splits `{key}rest`.
fn placeholder(from: &str) -> Option<(&str, &str)> {
    from.strip_prefix('{')?.split_once('}')
}

/// Writes a value as a reader expects it in a sentence.
pub(crate) fn write_value(text: &mut String, value: Value<'_>) {
    // Writing to a `String` cannot fail.
    let _ = match value {
        Value::Bool(value) => write!(text, "{value}"),
        Value::I64(value) => write!(text, "{value}"),
        Value::U64(value) => write!(text, "{value}"),
        Value::F64(value) => write!(text, "{value}"),
        Value::Text(value) => write!(text, "{value}"),
        Value::Texts(texts) => write!(text, "{}", texts.iter().collect::<Vec<_>>().join(", ")),
        _ => Ok(()),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_mistakes_are_seen() {
        let value_of = |key: &str| match key {
            "tool" => Some(Value::Text("search")),
            "n" => Some(Value::I64(3)),
            _ => None,
        };
        for (template, name) in [
            ("run {tool} {n}", "run search 3"),
            ("{unknown} {tool}", "{unknown} search"),
            ("{{tool}} }", "{tool} }"),
            ("open {", "open {"),
        ] {
            assert_eq!(filled(template, value_of), name);
        }
    }
}
