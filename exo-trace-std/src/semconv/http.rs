//! What a request over HTTP or gRPC is: its method, its route, its address, its answer.
//!
//! Source: OpenTelemetry semantic conventions 1.42, "HTTP spans", "RPC spans", "URL" and "User agent".

use super::convention::keys;

keys! {
    /// The method; see [`http_method`](super::http_method).
    HTTP_REQUEST_METHOD = "http.request.method": "enum(string)", "stable";
    /// The method as it was sent, where nobody knows it.
    HTTP_REQUEST_METHOD_ORIGINAL = "http.request.method_original": "string", "stable";
    /// How often the request was sent before.
    HTTP_REQUEST_RESEND_COUNT = "http.request.resend_count": "int", "stable";
    /// The status of the answer.
    HTTP_RESPONSE_STATUS_CODE = "http.response.status_code": "int", "stable";
    /// The pattern of the path that a server's router found, such as `/users/{id}`.
    HTTP_ROUTE = "http.route": "string", "stable";
    /// The system of remote calls; see [`rpc_system`](super::rpc_system).
    RPC_SYSTEM_NAME = "rpc.system.name": "enum(string)", "release_candidate";
    /// The method that is called, with its service, such as `greeter.Greeter/Hello`.
    RPC_METHOD = "rpc.method": "string", "release_candidate";
    /// The whole address that a client asks, without what is secret in it.
    URL_FULL = "url.full": "string", "stable";
    /// The path that a server was asked for.
    URL_PATH = "url.path": "string", "stable";
    /// The query that a server was asked, without what is secret in it.
    URL_QUERY = "url.query": "string", "stable";
    /// The scheme, such as `https`.
    URL_SCHEME = "url.scheme": "string", "stable";
    /// What the client says of itself.
    USER_AGENT_ORIGINAL = "user_agent.original": "string", "stable";
}
