//! Where the code of a span stands: in the names of today, and in the page's, which the conventions
//! have given up.

use exo_trace_core::CallsiteFacts;
use exo_trace_std::Value;

const STABLE: [&str; 3] = ["code.function.name", "code.file.path", "code.line.number"];
const OF_PAGE: [&str; 4] = ["code.function", "code.filepath", "code.lineno", "code.module"];

/// Returns all names of where code stands.
#[cfg(feature = "otlp")]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    STABLE.into_iter().chain(OF_PAGE)
}

/// Returns all that the stable names say of a call site; a span that belongs to no function has no
/// function's name.
pub(super) fn stable(
    callsite: &'static CallsiteFacts,
) -> impl Iterator<Item = (&'static str, Value<'static>)> {
    STABLE.into_iter().filter_map(move |name| Some((name, of(callsite, name)?)))
}

/// Returns all that the page says of a call site.
pub(super) fn of_page(
    callsite: &'static CallsiteFacts,
) -> impl Iterator<Item = (&'static str, Value<'static>)> {
    OF_PAGE.into_iter().filter_map(move |name| Some((name, of(callsite, name)?)))
}

/// Returns what one of the names says of a call site.
pub(super) fn of(callsite: &'static CallsiteFacts, name: &str) -> Option<Value<'static>> {
    let CallsiteFacts { function, file, line, module, .. } = *callsite;
    match name {
        "code.function.name" => Some(function).filter(|name| !name.is_empty()).map(text),
        "code.function" => function.rsplit("::").next().filter(|name| !name.is_empty()).map(text),
        // An operation of an agent has one call site for all places that begin it.
        "code.file.path" | "code.filepath" => Some(file).filter(|file| !file.is_empty()).map(text),
        "code.line.number" | "code.lineno" => (line > 0).then(|| Value::I64(line.into())),
        "code.module" => Some(module).filter(|module| !module.is_empty()).map(text),
        _ => None,
    }
}

fn text(text: &'static str) -> Value<'static> {
    Value::Text(text)
}
