//! One request of the Model Context Protocol, seen from the side that asks or the side that answers.
//!
//! Where a tool has a span of its own already, that span takes the method's name
//! ([`mcp_method`](super::ToolRequest::mcp_method)) instead of a second one beside it.

use super::handle::handle;
use super::keys;
use super::request::request;
use super::site::{self, McpSite};
use super::tool::returned_error;
use crate::{AttributeSource, Context, Operation};
use exo_trace_core::{Callsite, Outcome, SpanContext};
use heapless::String;
use std::borrow::Cow;
use std::fmt::Write;

/// The method that calls a tool.
const CALL_TOOL: &str = "tools/call";
/// How long a code is at most: the sign and the digits of a whole number of 64 bits.
const CODE_BYTES_MAX: usize = 20;

request! {
    /// A request of the protocol that has not begun; made by [`mcp_call`] and [`mcp_serve`].
    ///
    /// What is not set is not written.
    McpRequest {
        given { method => MCP_METHOD_NAME, }
        texts {
            /// Sets `gen_ai.tool.name`: the tool that is called.
            tool => TOOL_NAME,
            /// Sets `gen_ai.prompt.name`: the prompt that is asked for.
            prompt => PROMPT_NAME,
            /// Sets `mcp.resource.uri`: the resource that is asked for.
            resource => MCP_RESOURCE_URI,
            /// Sets `mcp.session.id`.
            session => MCP_SESSION_ID,
            /// Sets `mcp.protocol.version`.
            protocol_version => MCP_PROTOCOL_VERSION,
            /// Sets `jsonrpc.request.id`.
            request_id => JSONRPC_REQUEST_ID,
            /// Sets `network.transport`: `pipe` for standard input and output, `tcp` for HTTP.
            transport => NETWORK_TRANSPORT,
            /// Sets `network.protocol.name`: `http`, say.
            network_protocol => NETWORK_PROTOCOL_NAME,
            /// Sets `network.protocol.version`.
            network_protocol_version => NETWORK_PROTOCOL_VERSION,
            /// Sets `server.address`: the host that answers.
            server_address => SERVER_ADDRESS,
            /// Sets `client.address`: the host that asks.
            client_address => CLIENT_ADDRESS,
        }
        wholes {
            /// Sets `server.port`.
            server_port => SERVER_PORT,
            /// Sets `client.port`.
            client_port => CLIENT_PORT,
        }
        reals {}
        flags {}
        lists {}
    }
}

/// Sends a request to an MCP server: `tools/call`, `prompts/get`, `resources/read`, ….
///
/// ```
/// use exo_trace_std::mcp_call;
///
/// let call = mcp_call("tools/call").tool("search").session("s-1").start();
/// assert_eq!(call.call(|| Ok::<_, std::io::Error>(7)).ok(), Some(7));
/// ```
#[inline(always)]
pub fn mcp_call(method: impl Into<Cow<'static, str>>) -> McpRequest {
    McpRequest::at(&site::MCP_CLIENT.alone, method.into())
}

/// Answers a request as an MCP server.
///
/// The caller's span is the parent of [`McpRequest::start_in`] and [`McpRequest::start_below`]; of `start`
/// it is the current one. With the feature `mcp`, `bridge::mcp` reads the caller from a request:
///
/// ```
/// use exo_trace_std::{bridge::mcp, mcp_serve};
/// use serde_json::json;
///
/// let request = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
///     "name": "search",
///     "_meta": {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
/// }});
/// let caller = mcp::extract(&request);
/// let answer = mcp_serve("tools/call").tool("search").start_in(&caller);
/// answer.end();
/// ```
#[inline(always)]
pub fn mcp_serve(method: impl Into<Cow<'static, str>>) -> McpRequest {
    McpRequest::at(&site::MCP_SERVER.alone, method.into())
}

impl<A: AttributeSource> McpRequest<A> {
    /// Begins the request, as a child of the current span.
    pub fn start(mut self) -> McpSpan {
        let is_server = std::ptr::eq(self.site, &site::MCP_SERVER.alone);
        self.site = self.named(if is_server { &site::MCP_SERVER } else { &site::MCP_CLIENT });
        McpSpan { span: self.begin() }
    }

    /// Begins the request, as a child of the caller's span, which came along in `params._meta`.
    ///
    /// The current span, that of the transport perhaps, is linked instead. Where spans are suppressed
    /// none begins.
    ///
    /// Source: OpenTelemetry semantic conventions, "MCP", context propagation.
    pub fn start_below(self, caller: SpanContext) -> McpSpan {
        self.start_in(&Context::of(SpanContext { is_remote: true, ..caller }))
    }

    /// Begins the request in the caller's context, which came along in `params._meta`: as a child of its
    /// span, with its baggage. As [`McpRequest::start_below`] otherwise.
    pub fn start_in(self, caller: &Context) -> McpSpan {
        let around = Context::current();
        if around.is_suppressed() {
            return self.start();
        }
        let within = caller.attach();
        let call = self.start();
        drop(within);
        let span_id = |context: &Context| context.span_context().map(|span| span.span_id);
        if let Some(linked) = around.span_context().filter(|_| span_id(&around) != span_id(caller))
        {
            call.add_link(&linked, ());
        }
        call
    }

    /// Returns the call site whose name shows what is known.
    fn named(&self, site: &'static McpSite) -> &'static Callsite {
        let is_tool = self.method.as_deref() == Some(CALL_TOOL);
        let is_named =
            |name: &Option<Cow<'_, str>>| !name.as_deref().unwrap_or_default().is_empty();
        if !is_named(&self.method) {
            return &site.nameless;
        }
        match (is_tool, is_named(&self.tool), is_named(&self.prompt)) {
            (true, true, _) => &site.tool,
            (true, false, _) => &site.unnamed_tool,
            (false, _, true) => &site.prompt,
            (false, _, false) => &site.alone,
        }
    }
}

/// A request of the protocol under way: cancelled, unless somebody ends it.
#[derive(Debug)]
#[must_use = "the request ends when this is dropped"]
pub struct McpSpan {
    pub(super) span: Operation,
}

handle!(McpSpan);

impl McpSpan {
    /// Says that the tool returned an error as its value (`isError`).
    pub fn returned_error(&mut self, text: &str) -> &mut Self {
        returned_error(&mut self.span, text);
        self
    }

    /// Sets `rpc.response.status_code`: the code of a JSON-RPC error. The request has failed, and the
    /// code is its `error.type`; zero is the code of none.
    ///
    /// Source: OpenTelemetry semantic conventions, "MCP", `error.type`.
    pub fn status_code(&mut self, code: i64) -> &mut Self {
        let mut text = String::<CODE_BYTES_MAX>::new();
        // It has room for every code.
        let _ = write!(text, "{code}");
        self.span.say(&keys::RPC_RESPONSE_STATUS_CODE, text.as_str().into());
        if code != 0 {
            self.span.say(&keys::ERROR_TYPE, text.as_str().into());
            self.span.conclude(Outcome::Error);
        }
        self
    }
}
