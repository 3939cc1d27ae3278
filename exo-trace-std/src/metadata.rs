//! What is known of a call site while compiling, as attributes: the page's `extract_metadata`.

use exo_trace_core::{Callsite, Key, Value};

const FUNCTION_NAME: Key = Key::new("code.function.name");
const FILE_PATH: Key = Key::new("code.file.path");
const LINE_NUMBER: Key = Key::new("code.line.number");

/// Returns where a call site stands: `code.function.name`, `code.file.path`, `code.line.number`.
///
/// Spans that stand for a function carry these without being asked, others where the configuration
/// says so. A span begun inside of a function has no function name: no macro knows it.
///
/// Source: OpenTelemetry semantic conventions, "Code attributes".
///
/// ```
/// use exo_trace_std::{Callsite, CallsiteFacts, SpanKind, extract_metadata};
///
/// static STEP: Callsite = Callsite::new(&CallsiteFacts {
///     name: "step",
///     kind: SpanKind::Internal,
///     function: "agent::step",
///     module: "agent",
///     file: "src/agent.rs",
///     line: 7,
///     scope_name: "agent",
///     scope_version: "1.0.0",
///     attributes: &[],
/// });
/// let keys: Vec<_> = extract_metadata(&STEP).map(|(key, _)| key.as_str()).collect();
/// assert_eq!(keys, ["code.function.name", "code.file.path", "code.line.number"]);
/// ```
pub fn extract_metadata(
    callsite: &'static Callsite,
) -> impl Iterator<Item = (Key, Value<'static>)> {
    let facts = callsite.facts();
    let function = (!facts.function.is_empty()).then_some(Value::Text(facts.function));
    let path = (!facts.file.is_empty()).then_some(Value::Text(facts.file));
    let line = (facts.line > 0).then_some(Value::I64(facts.line.into()));
    [(FUNCTION_NAME, function), (FILE_PATH, path), (LINE_NUMBER, line)]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
}
