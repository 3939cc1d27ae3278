//! Trace context and baggage in requests of the Model Context Protocol.
//!
//! A message says them itself, in `params._meta`, because a connection outlives a request and a pipe has
//! no headers. [`inject`] writes a message that is to be sent and [`extract`] reads one that came, with
//! [`mcp_call`](crate::mcp_call) and [`mcp_serve`](crate::mcp_serve) for the spans. Whoever has `_meta`
//! alone, as typed requests do, has a [`Carrier`](crate::propagation::Carrier) in its `serde_json::Map`.
//!
//! The names in `_meta` are those of the headers, `traceparent`, `tracestate` and `baggage`, without the
//! prefix that the protocol asks of other names there.
//!
//! Source: Model Context Protocol, SEP-414; OpenTelemetry semantic conventions, "MCP", context
//! propagation.

use super::json::{PARAMS, Part, member, part_of, said, write};
use crate::Context;
use crate::propagation::{DictCarrier, Propagators};
use serde_json::Value;

const META: &str = "_meta";

/// Writes the calling thread's context into a message, and makes `params._meta` where there is none.
///
/// The message is a whole request or notification, a batch of them, or the `params` of one. Where there
/// is nothing to say, and where it has no place for it (an answer, `params` that are no object), it stays
/// as it is.
///
/// ```
/// use exo_trace_std::{bridge::mcp, mcp_call};
/// use serde_json::json;
///
/// let mut request = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search"}});
/// let call = mcp_call("tools/call").tool("search").request_id("1").start();
/// call.in_scope(|| mcp::inject(&mut request));
/// call.end();
/// ```
pub fn inject(message: &mut Value) {
    let Some(said) = said() else { return };
    match message {
        Value::Array(batch) => batch.iter_mut().for_each(|message| inject_one(message, &said)),
        message => inject_one(message, &said),
    }
}

fn inject_one(message: &mut Value, said: &DictCarrier) {
    let params = match part_of(message) {
        Part::Request => member(message, PARAMS),
        Part::Params => Some(message),
        Part::Answer => None,
    };
    if let Some(meta) = params.and_then(|params| member(params, META)) {
        write(meta, said);
    }
}

/// Returns the calling thread's context with what a message says in the place of its own.
///
/// The message is a whole request or notification, or the `params` of one; the messages of a batch are
/// read one by one.
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
pub fn extract(message: &Value) -> Context {
    let params = match part_of(message) {
        Part::Request => message.get(PARAMS),
        Part::Params => Some(message),
        Part::Answer => None,
    };
    match params.and_then(|params| params.get(META)) {
        Some(meta) => Propagators::chosen().extract(meta),
        None => Context::current(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn injected(mut message: Value) -> Value {
        let caller = crate::SpanContext::from_traceparent(SENT).unwrap();
        let _within = Context::empty().with_span(caller).attach();
        inject(&mut message);
        message
    }

    #[test]
    fn a_request_says_it_in_the_metadata_of_its_params() {
        let sent = injected(json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}));
        assert_eq!(sent["params"], json!({"_meta": {"traceparent": SENT}}));
        let params = json!({"name": "search", "_meta": {"progressToken": 7, "Traceparent": "old"}});
        let sent = injected(params);
        assert_eq!(sent["_meta"], json!({"progressToken": 7, "traceparent": SENT}));
        assert_eq!(extract(&sent).span_context().unwrap().to_traceparent().as_str(), SENT);
    }

    #[test]
    fn a_batch_says_it_in_each_request_and_notification() {
        let request = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": null});
        let notification = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        let answer = json!({"jsonrpc": "2.0", "id": 7, "result": {}});
        let sent = injected(json!([request, notification, answer]));
        assert_eq!(sent[0]["params"]["_meta"]["traceparent"], SENT);
        assert_eq!(sent[1]["params"]["_meta"]["traceparent"], SENT);
        assert_eq!(sent[2], answer);
    }

    #[test]
    fn what_has_no_place_for_it_stays_as_it_is() {
        for message in [
            json!({"jsonrpc": "2.0", "id": 1, "result": {}}),
            json!({"jsonrpc": "2.0", "id": 1, "method": "sum", "params": [1, 2]}),
            json!({"name": "search", "_meta": 7}),
            json!("text"),
        ] {
            assert_eq!(injected(message.clone()), message);
            assert_eq!(extract(&message).span_context(), None);
        }
    }

    #[test]
    fn with_nothing_to_say_nothing_is_made() {
        let mut request = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
        inject(&mut request);
        assert_eq!(request.get("params"), None);
    }
}
