//! What a call over the Model Context Protocol is: its method, its session, its connection.
//!
//! Source: OpenTelemetry GenAI semantic conventions, "MCP".

use super::convention::keys;

keys! {
    /// The method that was called; see [`mcp_method`](super::mcp_method).
    MCP_METHOD_NAME = "mcp.method.name": "enum(string)", "development";
    /// Which session it is.
    MCP_SESSION_ID = "mcp.session.id": "string", "development";
    /// Which resource was asked for.
    MCP_RESOURCE_URI = "mcp.resource.uri": "string", "development";
    /// The revision of the protocol.
    MCP_PROTOCOL_VERSION = "mcp.protocol.version": "string", "development";
    /// Which request it is; a notification has none.
    JSONRPC_REQUEST_ID = "jsonrpc.request.id": "string", "development";
    /// The version of JSON-RPC, where it is not 2.0.
    JSONRPC_PROTOCOL_VERSION = "jsonrpc.protocol.version": "string", "development";
    /// The code of a JSON-RPC error.
    RPC_RESPONSE_STATUS_CODE = "rpc.response.status_code": "string", "release_candidate";
    /// What carries the messages: `pipe` for standard input and output, `tcp` or `quic` for HTTP.
    NETWORK_TRANSPORT = "network.transport": "enum(string)", "stable";
    /// The protocol below, in lower case, such as `http`.
    NETWORK_PROTOCOL_NAME = "network.protocol.name": "string", "stable";
    /// The version of the protocol below.
    NETWORK_PROTOCOL_VERSION = "network.protocol.version": "string", "stable";
    /// The host of the client, where a server speaks.
    CLIENT_ADDRESS = "client.address": "string", "stable";
    /// The port of the client, where a server speaks.
    CLIENT_PORT = "client.port": "int", "stable";
}
