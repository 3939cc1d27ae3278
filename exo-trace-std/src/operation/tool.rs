//! A call of a tool: an error it returns as a value is an error all the same.

use super::handle::handle;
use super::request::request;
use super::run_status::{StatusOf, WrittenStatus};
use super::{RunStatus, keys, site};
use crate::semconv::error_type;
use crate::{AttributeSource, Operation, Status};
use exo_trace_core::Value;
use std::borrow::Cow;

static STATUS: StatusOf = StatusOf { key: &keys::TOOL_STATUS, unnamed: error_type::TOOL_ERROR };

request! {
    /// A call of a tool that has not begun; made by [`tool`].
    ///
    /// What is not set is not written.
    ToolRequest {
        given { name => TOOL_NAME, }
        texts {
            /// Sets `gen_ai.tool.call.id`: what the model calls this call.
            call_id => TOOL_CALL_ID,
            /// Sets `gen_ai.tool.description`.
            description => TOOL_DESCRIPTION,
            /// Sets `gen_ai.tool.type`: `function`, `extension` or `datastore`.
            kind => TOOL_TYPE,
            /// Sets `gen_ai.agent.name`: the agent that uses the tool.
            agent => AGENT_NAME,
            /// Sets `gen_ai.conversation.id`: which conversation, session or thread it belongs to.
            conversation => CONVERSATION_ID,
            /// Sets `mcp.method.name`, where the tool is called over MCP and has no span of its own
            /// for that.
            mcp_method => MCP_METHOD_NAME,
        }
        wholes {
            /// Sets `exo.agent.step`: the number of the agent's step.
            step => AGENT_STEP,
        }
        reals {}
        flags {}
        lists {}
    }
}

/// Calls a tool.
///
/// ```
/// use exo_trace_std::tool;
///
/// let size = tool("file_size").call_id("call_7").start();
/// let found = size.call(|| std::fs::metadata("NOTES.md").map(|data| data.len()));
/// assert!(found.is_err(), "and the span says so");
/// ```
#[inline(always)]
pub fn tool(name: impl Into<Cow<'static, str>>) -> ToolRequest {
    let name = name.into();
    ToolRequest::at(site::EXECUTE_TOOL.of(&name), name)
}

impl<A: AttributeSource> ToolRequest<A> {
    /// Begins the call, as a child of the current span.
    #[inline(always)]
    pub fn start(self) -> ToolSpan {
        ToolSpan { span: self.begin(), status: WrittenStatus::default() }
    }
}

/// A call of a tool under way: cancelled, unless somebody ends it.
#[derive(Debug)]
#[must_use = "the call ends when this is dropped"]
pub struct ToolSpan {
    pub(super) span: Operation,
    status: WrittenStatus,
}

handle!(ToolSpan);

impl ToolSpan {
    /// Says that the tool returned an error as its value, as MCP's `isError` does: `exo.tool.error`.
    pub fn returned_error(&mut self, text: &str) -> &mut Self {
        returned_error(&mut self.span, text);
        self
    }

    /// Says how it came out: `exo.tool.status`.
    ///
    /// The last word counts, be it a panic, but an error that was told of stays: after it success and
    /// cancelled say nothing, and a text of your own stands beside it.
    pub fn status(&mut self, status: RunStatus<'_>) -> &mut Self {
        self.status.tell(&mut self.span, &STATUS, status);
        self
    }
}

impl Drop for ToolSpan {
    #[inline(always)]
    fn drop(&mut self) {
        self.status.settle(&mut self.span, &STATUS);
    }
}

/// Ends in an error that is a value.
///
/// Source: OpenTelemetry semantic conventions, "MCP", `isError`.
pub(super) fn returned_error(span: &mut Operation, text: &str) {
    span.fail_unnamed(error_type::TOOL_ERROR);
    span.set_status(Status::error(text));
    span.say(&keys::TOOL_ERROR, Value::Text(text));
}
