//! The page's `instrumentation`: typed spans, finished runs recorded after the fact, attributes, a timer.
//!
//! `record_agent_run` and `record_tool_step` take what is known when the work is over. Where it can be
//! told while it goes on, [`agent`], [`tool`], [`chat`] and the others know more: what failed, what was
//! given up, when the first chunk came.

mod attributes;
mod record;
mod timer;

pub use crate::Operation;
pub use crate::operation::{
    AgentRequest, AgentSpan, ChatRequest, ChatSpan, ChatStream, EmbeddingsRequest, EmbeddingsSpan,
    McpRequest, McpSpan, PlanRequest, PlanSpan, Real, RetrievalRequest, RetrievalSpan, RunStatus,
    ToolRequest, ToolSpan, Usage, Whole, WorkflowRequest, WorkflowSpan, agent, chat, embeddings,
    generate_content, mcp_call, mcp_serve, plan, retrieval, text_completion, tool, workflow,
};
pub use attributes::{Attributes, build_agent_attributes, build_tool_attributes};
pub use record::{AgentRun, ToolStep, record_agent_run, record_tool_step};
pub use timer::Timer;
