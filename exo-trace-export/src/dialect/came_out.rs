//! How an agent's run or a tool's call came out, in the page's words, where nobody has said it.
//!
//! The outcome of a span says it already, so a call site pays nothing for it, and every form of a span
//! says it alike: a handle, `#[traced(tool)]`, a run recorded after the fact.

use super::Said;
#[cfg(feature = "otlp")]
use crate::operation::Operation;
use exo_trace_std::Value;

/// The names that are made of it.
pub(super) const DERIVED: &[&str] = &["exo.agent.status", "exo.tool.status", "exo.tool.error"];
/// The key by which a span that failed is known for a tool's, whatever it does.
pub(super) const TOOL: &str = "gen_ai.tool.name";

/// How a span came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CameOut<'a> {
    #[default]
    Success,
    Cancelled,
    /// With the description of its status; empty where nobody gave one.
    Error(&'a str),
}

impl CameOut<'_> {
    fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Cancelled => "cancelled",
            Self::Error(_) => "error",
        }
    }
}

/// Tells whether something is said of every span that does this.
#[cfg(feature = "otlp")]
pub(super) fn is_said_of(operation: Operation) -> bool {
    matches!(operation, Operation::Agent | Operation::Tool)
}

/// Returns what one of [`DERIVED`] says of a span.
pub(super) fn derived<'a>(name: &str, said: &Said<'_, 'a>) -> Option<Value<'a>> {
    let out = said.came_out;
    let is = |operation| said.text("gen_ai.operation.name") == Some(operation);
    let is_tool = || is("execute_tool") || matches!(out, CameOut::Error(_)) && said.has(TOOL);
    match (name, out) {
        ("exo.agent.status", _) if is("invoke_agent") => Some(Value::Text(out.as_str())),
        ("exo.tool.status", _) if is_tool() => Some(Value::Text(out.as_str())),
        ("exo.tool.error", CameOut::Error("")) if is_tool() => said.of("error.type"),
        ("exo.tool.error", CameOut::Error(description)) if is_tool() => {
            Some(Value::Text(description))
        }
        _ => None,
    }
}
