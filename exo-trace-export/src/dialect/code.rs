//! Where the code of a span stands, in the page's words: names the conventions have given up.

use exo_trace_core::CallsiteFacts;
use exo_trace_std::Value;

/// The page's names.
const NAMES: [&str; 4] = ["code.function", "code.filepath", "code.lineno", "code.module"];

/// Returns all that the page says of a call site; a span that belongs to no function has no
/// function's name.
pub(super) fn all(
    callsite: &'static CallsiteFacts,
) -> impl Iterator<Item = (&'static str, Value<'static>)> {
    NAMES.into_iter().filter_map(move |name| Some((name, of(callsite, name)?)))
}

/// Returns what one of the page's names says of a call site.
pub(super) fn of(callsite: &'static CallsiteFacts, name: &str) -> Option<Value<'static>> {
    let CallsiteFacts { function, file, line, module, .. } = *callsite;
    match name {
        "code.function" => function.rsplit("::").next().filter(|name| !name.is_empty()).map(text),
        "code.filepath" => Some(text(file)),
        "code.lineno" => Some(Value::I64(line.into())),
        "code.module" => Some(text(module)),
        _ => None,
    }
}

fn text(text: &'static str) -> Value<'static> {
    Value::Text(text)
}
