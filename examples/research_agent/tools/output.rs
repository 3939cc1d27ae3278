//! What a tool found, and what its span says of it: the finding, or the kind of failure.

use super::ToolError;
use exo_trace::{ToolSpan, attributes};

/// What a tool found: a line for people, and JSON for the model.
#[derive(Debug)]
pub(crate) struct ToolOutput {
    pub(crate) fact: String,
    pub(crate) content: String,
}

/// Runs a tool inside its span and tells the span how it came out; one that is dropped is cancelled.
pub(super) async fn observed(
    mut span: ToolSpan,
    run: impl Future<Output = Result<ToolOutput, ToolError>>,
) -> Result<ToolOutput, ToolError> {
    let result = span.instrument(run).await;
    match &result {
        Ok(output) => span.attributes(attributes! { exo.tool.result = output.fact.as_str() }),
        Err(error) => span.fail_as(error.kind(), error),
    };
    span.end();
    result
}
