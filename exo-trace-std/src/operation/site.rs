//! One call site for each operation: its constant name, kind and attributes.
//!
//! A name is a template that the other side of the ring fills in. Where what it shows is not known,
//! the operation stands alone.

use exo_trace_core::{Callsite, CallsiteFacts, Key, Value};

/// The call sites of one operation.
#[derive(Debug)]
pub(crate) struct Site {
    named: Callsite,
    alone: Callsite,
}

impl Site {
    /// Returns the one whose name shows `what`, or stands alone where that is empty.
    #[inline(always)]
    pub(crate) fn of(&'static self, what: &str) -> &'static Callsite {
        if what.is_empty() { &self.alone } else { &self.named }
    }
}

macro_rules! facts {
    ($name:expr, $kind:ident, $attributes:expr) => {{
        // No constant: two sites that say the same of their spans stay two.
        static FACTS: exo_trace_core::CallsiteFacts = exo_trace_core::CallsiteFacts {
            name: $name,
            kind: exo_trace_core::SpanKind::$kind,
            function: "",
            module: "",
            file: "",
            line: 0,
            scope_name: "exo-trace",
            scope_version: env!("CARGO_PKG_VERSION"),
            attributes: $attributes,
        };
        exo_trace_core::Callsite::new(&FACTS)
    }};
}

#[cfg(feature = "tower")]
pub(crate) use facts;

macro_rules! sites {
    ($($site:ident: $operation:literal of $shown:literal, $kind:ident;)*) => {$(
        pub(crate) static $site: Site = Site {
            named: facts!(concat!($operation, " {", $shown, "}"), $kind, operation!($operation)),
            alone: facts!($operation, $kind, operation!($operation)),
        };
    )*};
}

macro_rules! operation {
    ($operation:literal) => {
        &[(Key::new("gen_ai.operation.name"), Value::Text($operation))]
    };
}

sites! {
    CHAT: "chat" of "gen_ai.request.model", Client;
    TEXT_COMPLETION: "text_completion" of "gen_ai.request.model", Client;
    GENERATE_CONTENT: "generate_content" of "gen_ai.request.model", Client;
    EMBEDDINGS: "embeddings" of "gen_ai.request.model", Client;
    RETRIEVAL: "retrieval" of "gen_ai.data_source.id", Client;
    INVOKE_AGENT: "invoke_agent" of "gen_ai.agent.name", Internal;
    INVOKE_REMOTE_AGENT: "invoke_agent" of "gen_ai.agent.name", Client;
    RECORDED_AGENT: "invoke_agent" of "gen_ai.agent.name", Internal;
    INVOKE_WORKFLOW: "invoke_workflow" of "gen_ai.workflow.name", Internal;
    EXECUTE_TOOL: "execute_tool" of "gen_ai.tool.name", Internal;
    PLAN: "plan" of "gen_ai.agent.name", Internal;
}

/// Tells whether spans of a call site are runs of agents that were recorded when they were over: beside
/// their calls, not around them.
pub fn is_of_recorded_runs(callsite: &CallsiteFacts) -> bool {
    let Site { named, alone } = &RECORDED_AGENT;
    [named, alone].into_iter().any(|site| std::ptr::eq(site.facts(), callsite))
}

/// The call sites of one side of an MCP conversation; only a call of a tool is an operation of the
/// GenAI conventions.
pub(super) struct McpSite {
    pub(super) tool: Callsite,
    pub(super) unnamed_tool: Callsite,
    pub(super) prompt: Callsite,
    pub(super) alone: Callsite,
    pub(super) nameless: Callsite,
}

macro_rules! mcp_site {
    ($kind:ident) => {
        McpSite {
            tool: facts!("{mcp.method.name} {gen_ai.tool.name}", $kind, operation!("execute_tool")),
            unnamed_tool: facts!("{mcp.method.name}", $kind, operation!("execute_tool")),
            prompt: facts!("{mcp.method.name} {gen_ai.prompt.name}", $kind, &[]),
            alone: facts!("{mcp.method.name}", $kind, &[]),
            nameless: facts!("mcp", $kind, &[]),
        }
    };
}

pub(super) static MCP_CLIENT: McpSite = mcp_site!(Client);
pub(super) static MCP_SERVER: McpSite = mcp_site!(Server);
