//! What a span stands for, as far as it is measured.

use super::said::{self, Said};
use crate::SpanData;
use crate::operation::Operation;
use exo_trace_std::SpanKind;

/// A kind of work that has metrics of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// A model writes.
    Inference,
    /// Another service of a model's provider: embeddings, retrieval, memory.
    Service,
    /// An agent of this process runs.
    Agent,
    /// An agent elsewhere was asked.
    RemoteAgent,
    Workflow,
    /// A tool works, wherever that is.
    Tool,
    /// A request to an MCP server that is no tool's call, or one that no tool's span surrounds.
    McpClient,
    McpServer,
}

impl Work {
    /// Tells by what the drain has noted, without a look at the span's words, that it stands for nothing.
    #[inline]
    pub(super) fn is_none_of(span: &SpanData<'_>) -> bool {
        let is_across = matches!(span.kind(), SpanKind::Client | SpanKind::Server);
        span.operation() == Operation::Other && !is_across
    }

    /// Returns what a span stands for; `None` for nearly all spans.
    pub(super) fn of(said: &Said<'_>) -> Option<Self> {
        let kind = said.kind();
        let is_across = matches!(kind, SpanKind::Client | SpanKind::Server);
        // Inside a process, the conventions put MCP's attributes on the tool's own span.
        if is_across && said.has(&said::MCP_METHOD) {
            return Some(if kind == SpanKind::Client { Self::McpClient } else { Self::McpServer });
        }
        Some(match said.operation() {
            Operation::Inference => Self::Inference,
            Operation::Embeddings | Operation::Retrieval | Operation::Service => Self::Service,
            Operation::Agent if kind == SpanKind::Client => Self::RemoteAgent,
            Operation::Agent => Self::Agent,
            Operation::Workflow => Self::Workflow,
            Operation::Tool => Self::Tool,
            Operation::Other => return None,
        })
    }
}
