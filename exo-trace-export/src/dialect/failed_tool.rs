//! A tool that failed, in the page's words, where its own code has not said them.

use super::Said;
use exo_trace_std::Value;

/// The names that are made of a failure.
pub(super) const DERIVED: &[&str] = &["exo.tool.error", "exo.tool.status"];
/// The keys by which a span is known for a tool's.
pub(super) const READS: &[&str] = &["gen_ai.tool.name", "gen_ai.operation.name"];

/// Returns what one of [`DERIVED`] says of a span.
pub(super) fn derived<'a>(name: &str, said: &Said<'_, 'a>) -> Option<Value<'a>> {
    let description = said.error.filter(|_| is_tool(said))?;
    match name {
        "exo.tool.status" => Some(Value::Text("error")),
        "exo.tool.error" if description.is_empty() => said.of("error.type"),
        "exo.tool.error" => Some(Value::Text(description)),
        _ => None,
    }
}

fn is_tool(said: &Said<'_, '_>) -> bool {
    said.text("gen_ai.operation.name") == Some("execute_tool") || said.has("gen_ai.tool.name")
}
