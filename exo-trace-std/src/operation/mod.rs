//! Typed spans for what an agent does: requests that say what is asked for, handles that say what came.
//!
//! Each is recorded even where its trace is not sampled, so that figures and costs know of it.

mod agent;
mod chat;
mod chat_stream;
mod content;
mod handle;
pub(crate) mod keys;
mod lookup;
mod mcp;
mod number;
mod request;
mod run_status;
pub(crate) mod site;
mod tool;
mod usage;

pub use agent::{
    AgentRequest, AgentSpan, PlanRequest, PlanSpan, WorkflowRequest, WorkflowSpan, agent, plan,
    workflow,
};
pub use chat::{ChatRequest, ChatSpan, chat, generate_content, text_completion};
pub use chat_stream::ChatStream;
pub use lookup::{
    EmbeddingsRequest, EmbeddingsSpan, RetrievalRequest, RetrievalSpan, embeddings, retrieval,
};
pub use mcp::{McpRequest, McpSpan, mcp_call, mcp_serve};
pub use number::{Real, Whole};
pub use run_status::RunStatus;
pub use site::is_of_recorded_runs;
pub use tool::{ToolRequest, ToolSpan, tool};
pub use usage::Usage;

#[cfg(feature = "enabled")]
use crate::recording::{Chunks, Description, Kept};
#[cfg(not(feature = "enabled"))]
use crate::silent::{Chunks, Description, Kept};
