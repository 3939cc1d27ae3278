//! What a tool found, and what its span says of it: the finding, or the kind of failure.

use super::ToolError;
use exo_trace::Span;

/// What a tool found: a line for people, and JSON for the model.
#[derive(Debug)]
pub(crate) struct ToolOutput {
    pub(crate) fact: String,
    pub(crate) content: String,
}

/// Notes on the current span what a tool found, or the kind of its failure.
///
/// That the call failed, and with which words, `#[traced]` has seen by itself.
pub(super) fn noted(result: Result<ToolOutput, ToolError>) -> Result<ToolOutput, ToolError> {
    let span = Span::current();
    match &result {
        Ok(output) => span.set_attribute("exo.tool.result", output.fact.as_str()),
        Err(error) => span.set_attribute("error.type", error.kind()),
    }
    result
}
